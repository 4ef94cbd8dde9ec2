import { encodeWord, foldLines } from 'nodemailer/lib/mime-funcs';
import { attachmentPart } from './attachments.ts';
import { crlf } from './lines.ts';
import { room } from './room.ts';
import type { Mailbox, OutgoingMessage } from './transports/transport.ts';

/** `Name <address>` or a bare address, as settings and campaigns write it. Null when it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const [, name, bracketed] = /^\s*"?([^"<>]*?)"?\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(text) ?? [];
  if (bracketed) return { name: name || null, address: bracketed };
  const bare = text.trim();
  return /^[^<>\s"]+@[^<>\s"]+$/.test(bare) ? { name: null, address: bare } : null;
}

/** The same id for the same mail of the ledger, whoever renders it and how often; what comes back names the mail by it (`sendOfMessageId`). */
export function messageIdOf(sendId: string, from: Mailbox): string {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return `<${sendId.replaceAll('-', '')}@${domain}>`;
}

/** The mail of the ledger that a Message-ID of ours names; null where it cannot be one. */
export function sendOfMessageId(messageId: string): string | null {
  const [, a, b, c, d, e] = /^<?([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})@/i.exec(messageId.trim()) ?? [];
  return a ? [a, b, c, d, e].join('-').toLowerCase() : null;
}

/** The raw message (RFC 5322), text and HTML as alternatives, with its files where it has any. `date` is real time: what mailboxes sort by. */
export function composeMessage(message: OutgoingMessage, date: Date): Buffer {
  const boundary = `=_${message.messageId.replace(/[^\da-z]/gi, '').slice(0, 24)}`;
  const alternative = `multipart/alternative; boundary="${boundary}"`;
  const mixed = message.attachments && message.attachments.length > 0 ? `=mixed${boundary.slice(1)}` : null;
  const headers: [string, string][] = [
    ['From', mailbox(message.from)],
    ['To', mailbox(message.to)],
    ...(message.replyTo ? [['Reply-To', mailbox(message.replyTo)] as [string, string]] : []),
    ['Subject', words(message.subject)],
    ['Message-ID', message.messageId],
    ['Date', date.toUTCString().replace('GMT', '+0000')],
    ...Object.entries(message.headers),
    ['MIME-Version', '1.0'],
    ['Content-Type', mixed ? `multipart/mixed; boundary="${mixed}"` : alternative],
  ];
  const head = asBytes(headers.map(([name, value]) => folded(`${name}: ${oneLine(value)}`)).join('\r\n'));
  const [text, html] = [part('text/plain', message.text), part('text/html', message.html)];
  return joined([
    mixed ? `${head}\r\n\r\n--${mixed}\r\nContent-Type: ${alternative}\r\n` : `${head}\r\n`,
    `\r\n--${boundary}\r\n${text.head}`,
    text.body,
    `\r\n--${boundary}\r\n${html.head}`,
    html.body,
    `\r\n--${boundary}--\r\n`,
    ...(mixed ? [...message.attachments!.map((one) => `--${mixed}\r\n${attachmentPart(one)}`), `--${mixed}--\r\n`] : []),
  ]);
}

/** A text whose letters are the bytes of its UTF-8 (RFC 6532): an address may have letters beyond ASCII, and half of one could be the end of a line. */
const asBytes = (text: string): string => (isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1'));

/** Texts whose letters are bytes, one after the other; each is copied once. */
function joined(texts: readonly string[]): Buffer {
  const bytes = room(texts.reduce((sum, text) => sum + text.length, 0));
  let at = 0;
  for (const text of texts) at += bytes.write(text, at, 'latin1');
  return bytes;
}

/** As it is where it is plain ASCII in lines of a length that every server takes (RFC 5322: 998), else quoted-printable. */
function part(type: string, content: string): { head: string; body: string } {
  const asItIs = isAscii(content) && !hasLongLine(content);
  const encoding = asItIs ? '7bit' : 'quoted-printable';
  const head = `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return { head, body: asItIs ? crlf(content) : quotedPrintable(content) };
}

/**
 * HTML whose letters beyond ASCII are written as references, so that ten thousand bytes need no encoding for the sake of a dash.
 * Style sheets know no references: one with such letters is left as it is.
 */
export function plainHtml(html: string): string {
  if (isAscii(html) || /<style\b[^>]*>[^<]*[\u0080-\uffff]/i.test(html)) return html;
  return html.replace(/[\u{80}-\u{10ffff}]/gu, (letter) => `&#${letter.codePointAt(0)!};`);
}

/** As many bytes as letters. (The runtime counts bytes many times faster than an expression finds the first letter beyond ASCII.) */
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** Whether a line is too long to go as it is. */
function hasLongLine(text: string): boolean {
  for (let at = 0; at < text.length;) {
    const lf = text.indexOf('\n', at);
    const end = lf === -1 ? text.length : lf;
    if (end - at > MOST_A_LINE) return true;
    at = end + 1;
  }
  return false;
}

const MOST_A_LINE = 990;
const CR = 0x0d;
const LF = 0x0a;
const HEX = Buffer.from('0123456789ABCDEF', 'latin1');
/** A line of quoted-printable, its soft break included (RFC 2045). */
const LONGEST_LINE = 76;

/** RFC 2045 quoted-printable, lines of at most 76 characters. A byte at a time: mails are long and leave by the thousand. */
export function quotedPrintable(content: string): string {
  const bytes = Buffer.from(content, 'utf8');
  const out = Buffer.allocUnsafe(bytes.length * 4 + 16);
  let at = 0;
  let column = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === CR || byte === LF) {
      if (byte === CR && bytes[i + 1] === LF) i++;
      out[at++] = CR;
      out[at++] = LF;
      column = 0;
      continue;
    }
    const next = bytes[i + 1];
    const blank = byte === 0x20 || byte === 0x09;
    const lastOfLine = next === undefined || next === CR || next === LF;
    const plain = blank ? !lastOfLine : byte > 0x20 && byte < 0x7f && byte !== 0x3d;
    const width = plain ? 1 : 3;
    if (column + width > (lastOfLine ? LONGEST_LINE : LONGEST_LINE - 1)) {
      out[at++] = 0x3d;
      out[at++] = CR;
      out[at++] = LF;
      column = 0;
    }
    if (plain) out[at++] = byte;
    else {
      out[at++] = 0x3d;
      out[at++] = HEX[byte >> 4]!;
      out[at++] = HEX[byte & 15]!;
    }
    column += width;
  }
  return out.toString('latin1', 0, at);
}

const folded = (line: string): string => (line.length <= 76 ? line : foldLines(line, 76));

function mailbox({ name, address }: Mailbox): string {
  if (!name) return address;
  const plain = oneLine(name);
  return /^[\x20-\x7e]*$/.test(plain) ? `"${plain.replace(/["\\]/g, '\\$&')}" <${address}>` : `${words(plain)} <${address}>`;
}

/** Encoded words where the text is not plain ASCII. */
function words(text: string): string {
  const plain = oneLine(text);
  return /^[\x20-\x7e]*$/.test(plain) ? plain : encodeWord(plain, 'Q', 52);
}

/** No header can begin a second one. */
export function oneLine(text: string): string {
  return /[\r\n\0]/.test(text) ? text.replace(/[\r\n\0]+/g, ' ') : text;
}
