import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string;
  /** X-Tendril-Send. */
  sendKey: string;
  raw: string;
}

export interface MailSink {
  /** For SMTP_URL. */
  url: string;
  /** Everything that was taken, in order. */
  received: ReceivedMail[];
  /** Until `release`, mails are taken and not answered. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

/** A mail server in the test's own process, which outlives the workers: it counts what it has taken. A mail counts once its last byte is here. */
export async function startMailSink({ onMail }: { onMail?: (mail: ReceivedMail) => void } = {}): Promise<MailSink> {
  const received: ReceivedMail[] = [];
  let held: (() => void)[] | null = null;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('latin1');
        // The connection broke in mid-sentence: no server would have taken that.
        if (!raw.trimEnd().endsWith('--')) return answer(new Error('incomplete'));
        const to = session.envelope.rcptTo[0]!.address;
        const sendKey = /^X-Tendril-Send: *(?:\r\n[ \t]+)?(\S+)/im.exec(raw)?.[1];
        if (!sendKey) throw new Error('a mail without its send key');
        const mail = { to, sendKey, raw };
        received.push(mail);
        onMail?.(mail);
        if (held) held.push(() => answer());
        else answer();
      });
    },
  });
  // A client that is killed resets its connections.
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  const release = (): void => {
    const waiting = held ?? [];
    held = null;
    for (const answer of waiting) answer();
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    hold: () => void (held ??= []),
    release,
    close() {
      release();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** How often each mail was received, by send key. */
export function countBySendKey(received: readonly ReceivedMail[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { sendKey } of received) counts.set(sendKey, (counts.get(sendKey) ?? 0) + 1);
  return counts;
}
