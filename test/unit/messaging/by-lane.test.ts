import { expect, test } from 'vitest';
import { createLaneTransport } from '../../../messaging/transports/by-lane.ts';
import type { OutgoingMessage, Transport } from '../../../messaging/transports/transport.ts';

test('each lane goes its own way, outcomes come back in their order, and what is shared is closed once', async () => {
  const closed: string[] = [];
  const named = (name: string): Transport => ({
    send: async (messages) => messages.map(({ id }) => ({ kind: 'accepted', providerId: `${name} ${id}` })),
    close: async () => void closed.push(name),
  });
  const [relay, api] = [named('relay'), named('api')];
  const transport = createLaneTransport({ marketing: api, transactional: relay, internal: relay, personal: relay });
  const lanes = ['internal', 'marketing', undefined, 'transactional'] as const;
  const messages = lanes.map(
    (lane, n) => ({ id: String(n), ...(lane && { about: { lane, campaign: null, step: null } }) }) as OutgoingMessage,
  );
  expect((await transport.send(messages)).map((one) => one.kind === 'accepted' && one.providerId)).toEqual([
    'relay 0',
    'api 1',
    'api 2',
    'relay 3',
  ]);
  expect(await transport.send([])).toEqual([]);
  await transport.close();
  expect(closed.toSorted()).toEqual(['api', 'relay']);
});
