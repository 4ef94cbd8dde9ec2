import { once } from 'node:events';
import { createTransport } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

// What a program would be that keeps no account of its mails: composed once, the name filled in, handed over on as many connections as ours. Killed, it
// cannot say who has had theirs. It prints mails a second.
const { SMTP_URL, SMTP_CONNECTIONS, MAILS, WARM } = process.env as Record<string, string>;
const { hostname, port } = new URL(SMTP_URL!);

const composed = await createTransport({ streamTransport: true, buffer: true }).sendMail({
  from: 'bench@firm.example',
  to: 'somebody@bench.example',
  subject: 'News for {{name}}',
  text: 'Hello {{name}},\n\nthis month your firm may read how a seal lasts ten years: http://bench.example/c/letter\n',
  html: `<html><body>${'<p>Hello {{name}}, this month your firm may read how a seal lasts ten years. <a href="http://bench.example/c/letter">Read the letter</a>.</p>\n'.repeat(8)}</body></html>`,
  headers: { 'List-Unsubscribe': '<http://bench.example/u>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
});
const template = (composed.message as Buffer).toString('latin1');

async function connect(): Promise<SMTPConnection> {
  const connection = new SMTPConnection({ host: hostname, port: Number(port), ignoreTLS: true });
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  return connection;
}

const connections = await Promise.all(Array.from({ length: Number(SMTP_CONNECTIONS) }, connect));

/** Mails a second. */
async function send(count: number): Promise<number> {
  let left = count;
  const begun = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      while (left-- > 0) {
        const to = `reader-${left}@bench.example`;
        const raw = template.replaceAll('{{name}}', `Reader ${left}`);
        await new Promise<void>((resolve, reject) =>
          connection.send({ from: 'bench@firm.example', to: [to] }, raw, (error) => (error ? reject(error) : resolve())),
        );
      }
    }),
  );
  return (count * 1_000) / (performance.now() - begun);
}

await send(Number(WARM));
console.log(await send(Number(MAILS)));
for (const connection of connections) connection.quit();
await once(connections.at(-1)!, 'end');
process.exit(0);
