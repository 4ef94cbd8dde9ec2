import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { run } from './run.ts';

export type MailSink = Awaited<ReturnType<typeof startMailSink>>;

/** The counting mail server, a process of its own. */
export async function startMailSink() {
  const child = run('bench/support/smtp-sink.ts', {}, ['pipe', 'pipe', 'inherit']);
  const lines = createInterface({ input: child.stdout! });
  const [port] = (await once(lines, 'line')) as [string];
  const waiting = new Map<string, (at: number) => void>();
  lines.on('line', (line) => {
    const [address, at] = line.split(' ');
    waiting.get(address!)?.(Number(at));
    waiting.delete(address!);
  });
  return {
    url: `smtp://127.0.0.1:${port}?requireTls=off`,
    /** Resolves when the first mail to the address has been taken, with that instant in epoch ms. Ask before it can be sent. */
    arrival(address: string): Promise<number> {
      const arrived = new Promise<number>((resolve) => waiting.set(address, resolve));
      child.stdin!.write(`${address}\n`);
      return arrived;
    },
    stop: () => child.kill(),
  };
}
