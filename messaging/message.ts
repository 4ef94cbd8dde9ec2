import { createHash } from 'node:crypto';
import { encodeWord, foldLines } from 'nodemailer/lib/mime-funcs';
import type { Mailbox, OutgoingMessage } from './transports/transport.ts';

/** `Name <address>` or a bare address, as settings and campaigns write it. Null when it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const [, name, bracketed] = /^\s*"?([^"<>]*?)"?\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(text) ?? [];
  if (bracketed) return { name: name || null, address: bracketed };
  const bare = text.trim();
  return /^[^<>\s"]+@[^<>\s"]+$/.test(bare) ? { name: null, address: bare } : null;
}

/** The same id for the same effect, whoever renders it and how often. */
export function messageIdOf(sendKey: string, from: Mailbox): string {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return `<${createHash('sha256').update(sendKey).digest('hex').slice(0, 32)}@${domain}>`;
}

/** The raw message (RFC 5322), text and HTML as alternatives. `date` is real time: what mailboxes sort by. */
export function composeMessage(message: OutgoingMessage, date: Date): Buffer {
  const boundary = `=_${createHash('sha256').update(`boundary ${message.messageId}`).digest('hex').slice(0, 24)}`;
  const headers: [string, string][] = [
    ['From', mailbox(message.from)],
    ['To', mailbox(message.to)],
    ...(message.replyTo ? [['Reply-To', mailbox(message.replyTo)] as [string, string]] : []),
    ['Subject', words(message.subject)],
    ['Message-ID', message.messageId],
    ['Date', date.toUTCString().replace('GMT', '+0000')],
    ...Object.entries(message.headers),
    ['MIME-Version', '1.0'],
    ['Content-Type', `multipart/alternative; boundary="${boundary}"`],
  ];
  const head = headers.map(([name, value]) => foldLines(`${name}: ${oneLine(value)}`, 76)).join('\r\n');
  return Buffer.from(
    `${head}\r\n\r\n${part(boundary, 'text/plain', message.text)}${part(boundary, 'text/html', message.html)}--${boundary}--\r\n`,
    'latin1',
  );
}

function part(boundary: string, type: string, content: string): string {
  return `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(content)}\r\n`;
}

/** RFC 2045 quoted-printable, lines of at most 76 characters. */
export function quotedPrintable(content: string): string {
  const bytes = Buffer.from(content.replace(/\r\n?|\n/g, '\r\n'), 'utf8').toString('latin1');
  return bytes
    .replace(/[^\t\r\n\x20-\x3c\x3e-\x7e]/g, hex)
    .replace(/[\t ](?=\r\n|$)/g, hex)
    .replace(/[^\r\n]{77,}/g, (line) => softBreak(line));
}

function hex(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Breaks a line with `=` so that no `=XX` is torn apart. */
function softBreak(line: string): string {
  const pieces: string[] = [];
  let at = 0;
  while (line.length - at > 76) {
    let end = at + 75;
    if (line[end - 1] === '=') end -= 1;
    else if (line[end - 2] === '=') end -= 2;
    pieces.push(line.slice(at, end));
    at = end;
  }
  pieces.push(line.slice(at));
  return pieces.join('=\r\n');
}

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
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}
