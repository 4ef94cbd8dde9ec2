import { windowsLetters } from '../../domain/windows-letters.ts';

/** One field of a posted form, as bytes: only other fields say in which letters they are written. */
export interface FormPart {
  name: string;
  filename: string | null;
  type: string;
  content: Buffer;
}

const MOST_PARTS = 300;
const LONGEST_HEAD = 16_384;

/** The fields of a `multipart/form-data` body (RFC 7578), whatever their letters. Null where it is no such body. */
export function formParts(contentType: string, body: Buffer): FormPart[] | null {
  const boundary = /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  if (!boundary) return null;
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2]!}`, 'latin1');
  const parts: FormPart[] = [];
  let at = body.subarray(0, mark.length).equals(mark) ? 0 : body.indexOf(`\r\n${mark.toString('latin1')}`, 0, 'latin1') + 2;
  if (at === 1) return null;
  const next = Buffer.concat([Buffer.from('\r\n'), mark]);
  for (at += mark.length; body.toString('latin1', at, at + 2) !== '--';) {
    const headEnd = body.indexOf('\r\n\r\n', at, 'latin1');
    const end = body.indexOf(next, at);
    if (end < 0 || headEnd < 0 || headEnd > end || headEnd - at > LONGEST_HEAD || parts.length >= MOST_PARTS) return null;
    const part = partOf(body.toString('utf8', at, headEnd), body.subarray(headEnd + 4, Math.max(end, headEnd + 4)));
    if (part) parts.push(part);
    at = end + next.length;
  }
  return parts;
}

function partOf(head: string, content: Buffer): FormPart | null {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const name = /[;\s]name="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (name === undefined) return null;
  const filename = /[;\s]filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1] ?? null;
  const type = /^content-type:\s*([^\s;]+)/im.exec(head)?.[1]?.toLowerCase() ?? 'text/plain';
  return { name: name.replaceAll(/\\(.)/g, '$1'), filename, type, content };
}

/** Bytes in the letters that somebody says they are in; UTF-8 where nobody knows those. What cannot be read becomes U+FFFD. */
export function decoded(content: Uint8Array, charset: string | undefined): string {
  try {
    return windowsLetters(new TextDecoder(charset ?? 'utf-8').decode(content));
  } catch {
    return new TextDecoder().decode(content);
  }
}
