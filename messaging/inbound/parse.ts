import { convert } from 'html-to-text';
import type { Address, Attachment, Email } from 'postal-mime';
import { isConfirmed, type SenderChecks } from '../../domain/inbound/confirmed.ts';
import { addressIn, type InboundMail, type ReportPart } from '../../domain/inbound/mail.ts';
import { storable } from '../../domain/storable.ts';
import { windowsLetters } from '../../domain/windows-letters.ts';
import { takeApart } from './mime.ts';

/** What is kept of a text, characters; nobody writes more, and everything after it is read by nobody. */
const LONGEST_TEXT = 100_000;
const LONGEST_REPORT = 64_000;
const MOST_REPORTS = 20;
const MOST_ADDRESSES = 100;

/** Parts that machines wrote: kept apart from what a person has attached. */
const REPORTS = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/feedback-report',
  'message/disposition-notification',
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
]);

/** What the receiving server knows besides: to whom, and from whom; '' from nobody, as servers and responders write. */
export interface Envelope {
  to: readonly string[];
  from: string;
  /** What it found of the sender. */
  checks: SenderChecks;
}

/**
 * Takes a raw mail (RFC 5322) apart; bytes that cannot be read become U+FFFD. Throws where it is
 * nested or headed beyond all measure.
 */
export async function parseMail(raw: Uint8Array, envelope: Partial<Envelope> = {}): Promise<InboundMail> {
  const email = await takeApart(raw, { forceRfc822Attachments: true });
  return mailOf(email, envelope);
}

/** The same of a mail that somebody else has taken apart: its headers as a block, its texts, its attachments. */
export async function parseParts(given: {
  headers: string;
  text: string;
  html: string;
  attachments: readonly { name: string | null; type: string; content: Uint8Array }[];
  envelope: Partial<Envelope>;
}): Promise<InboundMail> {
  // What the headers say of the body is true no more.
  const headers = given.headers
    .split(/\r?\n(?![ \t])/)
    .filter((line) => line.trim() !== '' && !/^content-(type|transfer-encoding|disposition):/i.test(line));
  const email = await takeApart(`${headers.join('\r\n')}\r\n\r\n`);
  const types = /^content-type:\s*(.*(?:\r?\n[ \t].*)*)/im.exec(given.headers)?.[1];
  return mailOf(
    {
      ...email,
      headers: [
        ...email.headers,
        ...(types ? [{ key: 'content-type', originalKey: 'Content-Type', value: types.replaceAll(/\s+/g, ' ') }] : []),
      ],
      text: given.text,
      html: given.html,
      attachments: given.attachments.map(({ name, type, content }) => ({ filename: name, mimeType: type, disposition: null, content })),
    },
    given.envelope,
  );
}

/** Headers in which servers on the way note whom a mail was for. */
const NOTED_BY_SERVERS = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to', 'resent-to'];

function mailOf(email: Email, { to: envelopeTo = [], from: sender, checks = {} }: Partial<Envelope>): InboundMail {
  const headers = new Map<string, string[]>(sender === '' ? [['return-path', ['<>']]] : []);
  for (const { key, value } of email.headers) headers.set(key, [...(headers.get(key) ?? []), storable(value)]);
  const named = [...(email.to ?? []), ...(email.cc ?? [])].flatMap(mailboxes).flatMap((to) => addressIn(to.address) ?? []);
  const noted = NOTED_BY_SERVERS.flatMap((name) => headers.get(name) ?? []).flatMap((value) => addressIn(value) ?? []);
  const [from] = email.from ? mailboxes(email.from) : [];
  const address = from && addressIn(from.address);
  const isReport = ({ mimeType }: Attachment): boolean => REPORTS.has(mimeType);
  return {
    messageId: email.messageId ? storable(email.messageId, 995) : null,
    from: address ? { name: storable(windowsLetters(from.name)).trim() || null, address } : null,
    confirmed: address ? isConfirmed(address, { ...checks, sender }) : null,
    to: [...new Set([...envelopeTo.flatMap((to) => addressIn(to) ?? []), ...noted, ...named])].slice(0, MOST_ADDRESSES),
    subject: storable(windowsLetters(email.subject ?? ''), 998),
    date: dateIn(email.date),
    headers,
    text: storable(windowsLetters(email.text?.trim() ? email.text.slice(0, LONGEST_TEXT) : textOf(email.html ?? '')))
      .replaceAll('\r\n', '\n')
      .trimEnd(),
    answers: [...new Set([...ids(email.inReplyTo), ...ids(email.references).toReversed()])].slice(0, 50),
    reports: email.attachments.filter(isReport).slice(0, MOST_REPORTS).map(reportOf),
    attachments: email.attachments
      .filter((one) => !isReport(one))
      .map(({ filename, mimeType, content }) => ({
        name: filename && storable(windowsLetters(filename)),
        type: mimeType,
        size: sizeOf(content),
      })),
  };
}

const mailboxes = (address: Address): { name: string; address: string }[] => (address.group ? address.group : [address]);
const ids = (value: string | undefined): string[] => value?.match(/<[^<>\s]{1,995}>/g) ?? [];
const sizeOf = (content: Attachment['content']): number => (typeof content === 'string' ? content.length : content.byteLength);

function dateIn(value: string | undefined): Date | null {
  const at = new Date(value ?? Number.NaN);
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1980 || at.getUTCFullYear() > 9_000 ? null : at;
}

function reportOf({ mimeType, content }: Attachment): ReportPart {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content.slice(0, LONGEST_REPORT));
  return {
    type: mimeType.replace('/global-', '/').replace('message/global', 'message/rfc822'),
    text: storable(text, LONGEST_REPORT),
  };
}

function textOf(html: string): string {
  return html === ''
    ? ''
    : convert(html.slice(0, LONGEST_TEXT), {
        wordwrap: false,
        limits: { maxInputLength: LONGEST_TEXT, maxDepth: 50, maxChildNodes: 5_000 },
        selectors: [
          { selector: 'a', options: { ignoreHref: true } },
          { selector: 'img', format: 'skip' },
          { selector: 'blockquote', options: { trimEmptyLines: true } },
        ],
      });
}
