import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { normaliseEmail } from '../../../domain/identity/email.ts';
import { composeMessage, messageIdOf, parseMailbox, quotedPrintable, sendOfMessageId } from '../../../messaging/message.ts';
import type { OutgoingMessage } from '../../../messaging/transports/transport.ts';

const message: OutgoingMessage = {
  id: '1',
  sendKey: 'e1/hello/1',
  messageId: messageIdOf('019ab0c2-aaaa-7bbb-8ccc-000000000001', { name: null, address: 'hello@firm.example' }),
  from: { name: 'Ostara, "Pumps"', address: 'hello@firm.example' },
  to: { name: '王美', address: 'mei@huadong.example' },
  replyTo: { name: 'Ana', address: 'ana@firm.example' },
  subject: 'Grüße — eine sehr lange Betreffzeile, die gewiss nicht in eine einzige Zeile einer Nachricht passt 🚀',
  html: '<p>Grüße</p>',
  text: 'Grüße',
  headers: { 'X-Tendril-Send': 'e1/hello/1' },
};

test('a message reads back as it was meant, in any mail program', async () => {
  const raw = composeMessage(message, new Date('2026-03-02T09:00:00Z'));
  const read = await PostalMime.parse(raw);
  expect(read).toMatchObject({
    from: { name: 'Ostara, "Pumps"', address: 'hello@firm.example' },
    to: [{ name: '王美', address: 'mei@huadong.example' }],
    replyTo: [{ name: 'Ana', address: 'ana@firm.example' }],
    subject: message.subject,
    messageId: message.messageId,
    date: '2026-03-02T09:00:00.000Z',
  });
  expect(read.html?.trim()).toBe('<p>Grüße</p>');
  expect(read.text?.trim()).toBe('Grüße');
  const lines = raw.toString('latin1').split('\r\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  expect(/[^\r]\n|\r[^\n]|[\x80-\xff]/.test(raw.toString('latin1'))).toBe(false);
});

test('the Message-ID follows from the mail of the ledger alone, and names it', () => {
  const from = { name: null, address: 'hello@firm.example' };
  const id = '019ab0c2-1111-7222-8333-444455556666';
  expect(messageIdOf(id, from)).toBe('<019ab0c2111172228333444455556666@firm.example>');
  expect(sendOfMessageId(messageIdOf(id, from))).toBe(id);
  expect(sendOfMessageId('<CAKsfaBW4hj0@mail.gmail.com>')).toBeNull();
});

test('no value can begin another header', async () => {
  const raw = composeMessage(
    { ...message, subject: 'x\r\nBcc: all@firm.example', to: { name: 'y\r\nBcc: z@firm.example', address: 'mei@huadong.example' } },
    new Date(),
  );
  expect((await PostalMime.parse(raw)).headers.map(({ key }) => key)).not.toContain('bcc');
});

test('nor can an address or an id with letters whose half is the end of a line, a colon or an @', async () => {
  const address = normaliseEmail('a\u060d\u060abcc\u043aevil\u0440evil.example\u060d\u060ax@huadong.example')!;
  const to = { name: null, address };
  const headers = { References: '<a\u010d\u010aX-Evil: yes@x.example>', 'X-Tendril-Send': 'e1/welcome/1' };
  const raw = composeMessage({ ...message, to, replyTo: { name: 'Mei', address }, headers }, new Date());
  const read = await PostalMime.parse(raw);
  expect(read.to![0]!.address).toBe(address);
  expect(read.replyTo![0]!.address).toBe(address);
  expect(read.references).toBe(headers.References);
  const keys = read.headers.map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(['to', 'reply-to', 'references', 'x-tendril-send', 'content-type']));
  expect(keys.filter((key) => ['bcc', 'x-evil'].includes(key))).toEqual([]);
});

test('any text survives quoted-printable, in lines of at most 76 characters', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), async (text) => {
      const encoded = quotedPrintable(text);
      expect(Math.max(...encoded.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
      const bytes = Buffer.from(
        encoded.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
        'latin1',
      );
      expect(bytes.toString('utf8')).toBe(text.replace(/\r\n?|\n/g, '\r\n'));
    }),
  );
});

test('a mailbox is read as people write it', () => {
  expect(parseMailbox('Ostara Pumps <hello@firm.example>')).toEqual({ name: 'Ostara Pumps', address: 'hello@firm.example' });
  expect(parseMailbox('"Ostara, Pumps" <hello@firm.example>')).toEqual({ name: 'Ostara, Pumps', address: 'hello@firm.example' });
  expect(parseMailbox(' hello@firm.example ')).toEqual({ name: null, address: 'hello@firm.example' });
  expect(parseMailbox('nobody')).toBeNull();
});

test('plain text goes as it is, and however its lines end, they end as mail wants it', () => {
  const words = fc.array(fc.constantFrom('a', ' b', '\n', '\r', '\r\n'), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(words, words, (text, html) => {
      const raw = composeMessage({ ...message, text, html }, new Date()).toString('latin1');
      const [, inText, inHtml] = raw.split(/\r\n--=_[^\r]*\r\n/);
      for (const [part, written] of [
        [inText, text],
        [inHtml, html],
      ])
        expect(part!.slice(part!.indexOf('\r\n\r\n') + 4)).toBe(written!.replace(/\r\n?|\n/g, '\r\n'));
    }),
  );
});
