import type { SendClass } from '../../domain/delivery/mail.ts';
import type { Outcome, OutgoingMessage, Transport } from './transport.ts';

/** One transport made of several: each message goes by its lane's; one that names none, as marketing does. */
export function createLaneTransport(byLane: Readonly<Record<SendClass, Transport>>): Transport {
  return {
    async send(messages) {
      const outcomes: Outcome[] = [];
      const parts = new Map<Transport, { message: OutgoingMessage; n: number }[]>();
      messages.forEach((message, n) => {
        const transport = byLane[message.about?.lane ?? 'marketing'];
        const part = parts.get(transport);
        if (part) part.push({ message, n });
        else parts.set(transport, [{ message, n }]);
      });
      await Promise.all(
        [...parts].map(async ([transport, part]) => {
          const those = await transport.send(part.map(({ message }) => message));
          part.forEach(({ n }, i) => (outcomes[n] = those[i]!));
        }),
      );
      return outcomes;
    },
    async close() {
      await Promise.all([...new Set(Object.values(byLane))].map((transport) => transport.close()));
    },
  };
}
