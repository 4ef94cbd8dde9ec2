import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

/** A message as it came over the wire. */
export interface Captured {
  from: string;
  to: string;
  raw: Buffer;
}

export interface CaptureOptions {
  /** Stores messages and answers their ids, in order. */
  store(mails: readonly Captured[]): Promise<string[]>;
  /** 0 takes a free one. */
  port: number;
  log: Logger;
}

export interface CaptureServer {
  port: number;
  close(): Promise<void>;
}

const MOST_BYTES = 10 * 1024 * 1024;

/**
 * A real SMTP server on this machine which keeps every message for the Outbox and delivers none. It answers 250 only when the
 * message is stored; those that come at once are stored in one statement.
 */
export async function startCaptureServer({ store: write, port, log }: CaptureOptions): Promise<CaptureServer> {
  const store = createBatcher(write);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: MOST_BYTES,
    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope;
      read(stream)
        .then((raw) => store({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map((one) => one.address).join(', '), raw }))
        .then(
          (id) => callback(null, `Ok: queued as ${id}`),
          (error: Error) => {
            log.error({ err: error }, 'a captured mail could not be stored');
            callback(Object.assign(new Error('Could not store the message, try again'), { responseCode: 451 }));
          },
        );
    },
  });
  // A client that goes away in mid-sentence is not our error.
  server.on('error', (error) => log.debug({ err: error }, 'capture server'));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function read(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Gathers what comes while the previous batch is being written, so that many at once are one statement. */
function createBatcher<In, Out>(write: (batch: readonly In[]) => Promise<Out[]>): (one: In) => Promise<Out> {
  let waiting: { one: In; resolve(out: Out): void; reject(error: Error): void }[] = [];
  let writing = false;

  async function drain(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await write(batch.map(({ one }) => one)).then(
        (outs) => batch.forEach(({ resolve }, i) => resolve(outs[i]!)),
        (error: Error) => batch.forEach(({ reject }) => reject(error)),
      );
    }
    writing = false;
  }

  return (one) =>
    new Promise((resolve, reject) => {
      waiting.push({ one, resolve, reject });
      if (!writing) void drain();
    });
}
