import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { createDkimSigner } from '../../../messaging/dkim.ts';
import { composeMessage } from '../../../messaging/message.ts';
import { readConfig } from '../../../runtime/config.ts';
import { createMailTransport } from '../../../runtime/mail-transport.ts';

const pem = (kind: 'rsa' | 'ed25519'): string =>
  (kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 1024 }) : generateKeyPairSync('ed25519')).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();

/** A verifier of its own, word by word as RFC 6376 has it. */
function holds(signed: Buffer, privateKey: string): boolean {
  const [head, ...rest] = signed.toString('latin1').split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const headers = head!
    .split(/\r\n(?![ \t])/)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1)] as const);
  const unfold = (value: string): string =>
    value
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim();
  const own = headers.find(([name]) => name === 'dkim-signature')![1];
  const tag = (name: string): string => new RegExp(`(?:^|;)\\s*${name}=([^;]*)`).exec(own)![1]!.replace(/\s/g, '');
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').trimEnd());
  while (lines.at(-1) === '') lines.pop();
  const canonical = lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`;
  if (createHash('sha256').update(canonical, 'latin1').digest('base64') !== tag('bh')) return false;
  const left = headers.filter(([name]) => name !== 'dkim-signature');
  const named = tag('h')
    .split(':')
    .flatMap((name) => {
      const at = left.findLastIndex(([one]) => one === name);
      return at < 0 ? [] : left.splice(at, 1).map(([one, value]) => `${one}:${unfold(value)}\r\n`);
    });
  const data = Buffer.from(
    `${named.join('')}dkim-signature:${unfold(own)
      .replace(/(;\s*b=).*$/, '$1')
      .trimEnd()}`,
    'latin1',
  );
  const key = createPublicKey(privateKey);
  const bytes = Buffer.from(tag('b'), 'base64');
  return tag('a') === 'rsa-sha256'
    ? verify('sha256', data, key, bytes)
    : verify(null, createHash('sha256').update(data).digest(), key, bytes);
}

const message = {
  id: '1',
  sendKey: 'e1/welcome/1',
  messageId: '<a@firm.example>',
  from: { name: 'Größe', address: 'hello@firm.example' },
  to: { name: 'Méi', address: 'mei@huadong.example' },
  replyTo: null,
  headers: { 'List-Unsubscribe': `<https://firm.example/u/${'x'.repeat(120)}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
};

test('the body of the standard’s example has the hash that it says', () => {
  const raw = Buffer.from('From: joe@football.example.com\r\n\r\nHi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n');
  const signed = createDkimSigner({ domain: 'football.example.com', selector: 'test', privateKey: pem('ed25519') })(raw).toString();
  expect(signed).toContain('bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;');
});

test('whatever a mail says, its signature holds, and does no more once a letter of it is another', () => {
  const keys = [pem('rsa'), pem('ed25519')];
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'a', 'é', '=') }),
      (key, subject, text) => {
        const signed = createDkimSigner({ domain: 'firm.example', selector: 's1', privateKey: key })(
          composeMessage({ ...message, subject, text, html: `<p>${text}</p>` }, new Date(0)),
        );
        expect(holds(signed, key)).toBe(true);
        for (const [from, to] of [
          ['<p>', '<b>'],
          ['mei@', 'may@'],
          ['One-Click', 'Two-Click'],
        ] as const) {
          const changed = signed.toString('latin1').replace(from, to);
          if (changed !== signed.toString('latin1')) expect(holds(Buffer.from(changed, 'latin1'), key)).toBe(false);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a second sender cannot be put before the one that was signed', () => {
  const key = pem('ed25519');
  const signed = createDkimSigner({ domain: 'firm.example', selector: 's1', privateKey: key })(
    composeMessage({ ...message, subject: 'Hi', text: 'a', html: 'b' }, new Date(0)),
  );
  expect(holds(Buffer.concat([Buffer.from('From: boss@firm.example\r\n'), signed]), key)).toBe(false);
});

test('a key that signs nothing is refused at once', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(() =>
    createDkimSigner({ domain: 'd', selector: 's', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }),
  ).toThrow('neither RSA nor Ed25519');
});

test('the settings have mail for the relay signed', async () => {
  const key = pem('ed25519');
  const file = join(mkdtempSync(join(tmpdir(), 'tendril-dkim-')), 'key.pem');
  writeFileSync(file, key);
  const { port, received, close } = await startRelay();
  const config = readConfig({
    MAIL_TRANSPORT: 'smtp',
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    DKIM_DOMAIN: 'firm.example',
    DKIM_SELECTOR: 's1',
    DKIM_KEY_FILE: file,
  });
  const transport = createMailTransport(config, { store: async () => [], log: pino({ level: 'silent' }) });
  onTestFinished(close);
  expect(await transport.send([{ ...message, subject: 'Hi', text: 'a', html: 'b' }])).toMatchObject([{ kind: 'accepted' }]);
  await transport.close();
  expect(holds(received[0]!, key)).toBe(true);
  expect(() => readConfig({ DKIM_DOMAIN: 'firm.example' })).toThrow('go together');
});

/** A relay that takes everything. */
async function startRelay() {
  const received: Buffer[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        received.push(Buffer.concat(parts));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
