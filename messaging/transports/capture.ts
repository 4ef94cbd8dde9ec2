import { type CaptureOptions, type CaptureServer, startCaptureServer } from '../capture-server.ts';
import { createSmtpTransport } from './smtp.ts';
import type { Transport } from './transport.ts';

/** Sends over SMTP, as in production, to a capture server of this process's own, which is started by the first mail. */
export function createCaptureTransport({ connections, ...options }: CaptureOptions & { connections: number }): Transport {
  let started: Promise<{ server: CaptureServer; smtp: Transport }> | undefined;

  async function start(): Promise<{ server: CaptureServer; smtp: Transport }> {
    const server = await startCaptureServer(options);
    return { server, smtp: createSmtpTransport({ url: `smtp://127.0.0.1:${server.port}`, connections }) };
  }

  return {
    async send(messages) {
      try {
        return await (await (started ??= start())).smtp.send(messages);
      } catch (error) {
        started = undefined;
        const reason = `The capture server cannot be started: ${(error as Error).message}`;
        return messages.map(() => ({ kind: 'retry', reason, lane: true, afterMs: 5_000 }));
      }
    },
    async close() {
      const running = await started?.catch(() => undefined);
      await running?.smtp.close();
      await running?.server.close();
    },
  };
}
