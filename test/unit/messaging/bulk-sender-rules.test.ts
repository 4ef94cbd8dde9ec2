import fc from 'fast-check';
import { load } from 'cheerio';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Mail, MailWorkspace } from '../../../domain/delivery/mail.ts';
import { composeMessage } from '../../../messaging/message.ts';
import { renderMail } from '../../../messaging/render.ts';
import type { Templates } from '../../../messaging/templates.ts';
import { shippedTemplates } from '../../../runtime/templates.ts';

// What docs/bulk-sender-rules.md asks of the mail itself, of whatever people are called and campaigns say.
let templates: Templates;
beforeAll(async () => void (templates = await shippedTemplates()));

const workspace = { name: 'Ostara Pumps', postalAddress: 'Kaistrasse 9, 24103 Kiel', timezone: 'Europe/Berlin' } as MailWorkspace;
const settings = () => ({
  templates,
  secret: 'a secret of the tests, long enough',
  publicUrl: 'https://mail.ostara.example',
  from: { name: 'Ostara', address: 'hello@ostara.example' },
});

function mailTo(lead: Record<string, unknown>, more: Partial<Mail> = {}): Mail {
  return {
    id: '019ab0c2-1111-7222-8333-444455556666',
    sendKey: 'e1/welcome/1',
    class: 'marketing',
    template: 'trial-welcome',
    params: {},
    topic: 'news',
    sender: null,
    leadId: '019ab0c2-1111-7222-8333-444455556667',
    enrolmentId: null,
    stepId: 'welcome',
    lead: { email: 'mei@huadong.example', ...lead },
    account: {},
    rep: null,
    owner: null,
    occasion: null,
    campaign: { key: 'trial', name: 'Trial' },
    tracking: 'on',
    ...more,
  };
}

/** Header lines, unfolded, and the body. */
function takenApart(raw: Buffer): { headers: [string, string][]; body: string; text: string } {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  return {
    headers: lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    body: text.slice(end + 4),
    text,
  };
}

const anything = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('Ünal "Ü" O’Neil', '=?utf-8?q?x?=', 'a\r\nBcc: z@x.example', '<b>x</b>', '"', ''),
);

test('RFC 5322: one of each header that may stand once, lines within 998 bytes that end in CRLF, ASCII throughout, whoever it is for', () => {
  fc.assert(
    fc.property(anything, anything, anything, (first, company, sender) => {
      const mail = mailTo(
        { first_name: first, name: first, company },
        { sender: sender.trim() === '' ? null : `${sender.replaceAll(/["<>\r\n]/g, '')} <team@ostara.example>` },
      );
      const { headers, text } = takenApart(composeMessage(renderMail(mail, workspace, settings()), new Date('2026-03-02T09:00:00Z')));
      const names = headers.map(([name]) => name.toLowerCase());
      for (const once of [
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'mime-version',
        'content-type',
        'list-unsubscribe',
        'list-unsubscribe-post',
      ])
        expect([once, names.filter((name) => name === once).length]).toEqual([once, 1]);
      expect(names).not.toContain('bcc');
      expect(new Set(names).size).toBe(names.length);
      for (const [name] of headers) expect(name).toMatch(/^[A-Za-z][\w-]*$/);
      expect(/[^\r]\n|\r[^\n]|[\x80-\xff]/.test(text) || text.includes('\0')).toBe(false);
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    }),
    { numRuns: 60 },
  );
});

test('From is one address of our own; the Message-ID and the date are well formed, and the Message-ID is of that domain', () => {
  const { headers } = takenApart(
    composeMessage(renderMail(mailTo({ first_name: 'Mei' }), workspace, settings()), new Date('2026-03-02T09:00:00Z')),
  );
  const of = (name: string) => headers.find(([one]) => one === name)![1];
  expect(of('From')).toBe('"Ostara" <hello@ostara.example>');
  expect(of('Message-ID')).toMatch(/^<[\w.-]+@ostara\.example>$/);
  expect(of('Date')).toMatch(/^Mon, 0?2 Mar 2026 09:00:00 \+0000$/);
  expect(of('To')).toContain('mei@huadong.example');
});

test('marketing can be left by one click over https and by a link in both parts; a confirmation has neither', () => {
  const marketing = renderMail(mailTo({ first_name: 'Mei' }), workspace, settings());
  const { headers } = takenApart(composeMessage(marketing, new Date()));
  const of = (name: string) => headers.find(([one]) => one === name)?.[1];
  expect(of('List-Unsubscribe')).toMatch(/^<https:\/\/mail\.ostara\.example\/u\/[\w.-]+>$/);
  expect(of('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
  const link = of('List-Unsubscribe')!.slice(1, -1);
  expect(marketing.html).toContain(link);
  expect(marketing.text).toContain(link);

  const confirmation = renderMail(mailTo({ first_name: 'Mei' }, { class: 'transactional', topic: null }), workspace, settings());
  expect(Object.keys(confirmation.headers).filter((name) => name.startsWith('List-'))).toEqual([]);
  expect(confirmation.html).not.toContain('nsubscribe');
});

test('text and HTML say the same: every paragraph of the one stands in the other; a link shows where it leads by words, not by another address', () => {
  const { html, text } = renderMail(mailTo({ first_name: 'Mei' }), workspace, settings());
  const $ = load(html);
  const words = (said: string) => said.replaceAll(/\s+/g, ' ').trim();
  const told = words(text);
  for (const element of $('td > div').not(':has(div)').toArray()) {
    const [paragraph] = words($(element).clone().find('a, li').remove().end().text()).split('·');
    if (paragraph) expect(told).toContain(words(paragraph));
  }
  for (const link of $('a').toArray()) {
    const shown = words($(link).text());
    expect([shown, shown.length > 0, /https?:|www\./.test(shown)]).toEqual([shown, true, false]);
  }
});

test('every line of the table names a test that is there', () => {
  const table = readFileSync('docs/bulk-sender-rules.md', 'utf8');
  const named = [...table.matchAll(/`(test\/[\w./-]+\.ts)`: “([^”]+)”/g)];
  expect(named.length).toBeGreaterThan(15);
  for (const [, file, name] of named) {
    expect([file, existsSync(file!)]).toEqual([file, true]);
    expect([file, name, readFileSync(file!, 'utf8').includes(name!)]).toEqual([file, name, true]);
  }
});
