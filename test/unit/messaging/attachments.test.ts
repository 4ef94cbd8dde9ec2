import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { attachmentsIn, MOST_ATTACHED } from '../../../messaging/attachments.ts';
import { replyAddressFor } from '../../../messaging/inbound/reply-address.ts';
import { readBackAddress } from '../../../messaging/inbound/address.ts';
import { composeMessage } from '../../../messaging/message.ts';
import { seal, unseal } from '../../../messaging/seal.ts';
import { requestOf } from '../../../messaging/sendgrid/request.ts';
import type { OutgoingMessage } from '../../../messaging/transports/transport.ts';

const message = (attachments: OutgoingMessage['attachments']): OutgoingMessage => ({
  id: '1',
  sendKey: 'relay/1',
  messageId: '<1@firm.example>',
  from: { name: 'Ana', address: 'ana@firm.example' },
  to: { name: null, address: 'mei@huadong.example' },
  replyTo: null,
  subject: 'An offer',
  html: '<p>Here it is.</p>',
  text: 'Here it is.\n',
  headers: {},
  ...(attachments && { attachments }),
});

test('files go with a mail as they came with another, whatever they are called and hold', async () => {
  const files = [
    { name: 'offer.pdf', type: 'application/pdf', content: Buffer.from(Array.from({ length: 1_000 }, (_, n) => n % 256)) },
    { name: '价格 & "mehr".txt', type: 'text/plain', content: Buffer.from('十二台') },
    { name: 'empty.bin', type: 'application/octet-stream', content: Buffer.alloc(0) },
  ];
  const raw = composeMessage(message(files), new Date(0));
  const read = await PostalMime.parse(raw);
  expect([read.text?.trim(), read.html?.trim()]).toEqual(['Here it is.', '<p>Here it is.</p>']);
  const again = await attachmentsIn(raw);
  expect(again.map(({ name, type }) => [name, type])).toEqual([
    ['offer.pdf', 'application/pdf'],
    ['价格 & mehr.txt', 'text/plain'],
    ['empty.bin', 'application/octet-stream'],
  ]);
  expect(again.map(({ content }) => content)).toEqual(files.map(({ content }) => content));
  expect(
    raw
      .toString('latin1')
      .split('\r\n')
      .every((line) => line.length < 998),
  ).toBe(true);

  const settings = { pools: { marketing: null, transactional: null, internal: null, personal: null }, sandbox: false, tracking: false };
  expect(requestOf(message(files), settings)).toMatchObject({
    attachments: [{ filename: 'offer.pdf', disposition: 'attachment' }, {}, {}],
  });
  expect(requestOf(message([]), settings)).not.toHaveProperty('attachments');
  expect(composeMessage(message([]), new Date(0)).toString()).toBe(composeMessage(message(undefined), new Date(0)).toString());

  const large = [{ name: 'film.mp4', type: 'video/mp4', content: Buffer.alloc(MOST_ATTACHED + 1) }];
  expect(await attachmentsIn(composeMessage(message(large), new Date(0)))).toEqual([]);
});

test('answers are asked for where somebody sees them', () => {
  const rep = { name: 'Ana', email: 'ana@firm.example' };
  const sendId = '019ab0c2-1111-7222-8333-444455556666';
  const settings = { secret: 's', inboundDomain: 'mail.firm.example' };
  const relayed = replyAddressFor(sendId, rep, settings);
  expect(readBackAddress('s', relayed.address)).toEqual({ purpose: 'reply', sendId });
  expect(replyAddressFor(sendId, { ...rep, mailboxRead: true }, settings).address).toBe(rep.email);
  expect(replyAddressFor(sendId, rep, { secret: 's' }).address).toBe(rep.email);
});

test('a sealed password opens with the secret it was sealed with, and no other', () => {
  const sealed = seal('one secret', 'rep mailbox', 'p@ss/wörd');
  expect(seal('one secret', 'rep mailbox', 'p@ss/wörd')).not.toBe(sealed);
  expect(unseal('one secret', 'rep mailbox', sealed)).toBe('p@ss/wörd');
  for (const [secret, text] of [
    ['another', sealed],
    ['one secret', `${sealed.slice(0, -2)}AA`],
    ['one secret', ''],
    ['one secret', 'x'],
  ] as const)
    expect(unseal(secret, 'rep mailbox', text)).toBeNull();
});
