import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { takeApart } from './inbound/mime.ts';

/** A file that goes with a mail. */
export interface Attachment {
  name: string;
  /** `application/pdf` */
  type: string;
  content: Buffer;
}

/** What goes along of one mail, bytes: mail servers take some ten megabytes, and a third more is what it becomes on the way. */
export const MOST_ATTACHED = 7_000_000;
const MOST_FILES = 20;
const LONGEST_NAME = 120;

/** The files of a mail as it came in (RFC 5322), pictures within its text among them; none where they are more than goes along. */
export async function attachmentsIn(raw: Uint8Array): Promise<Attachment[]> {
  const { attachments } = await takeApart(raw);
  const files = attachments.slice(0, MOST_FILES).map(({ filename, mimeType, content }, n) => ({
    name: nameOf(filename, n),
    type: /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(mimeType) ? mimeType.toLowerCase() : 'application/octet-stream',
    content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer),
  }));
  return files.reduce((sum, { content }) => sum + content.length, 0) > MOST_ATTACHED ? [] : files;
}

/** Without paths, and nothing that ends a header. */
function nameOf(given: string | null, n: number): string {
  const name = (given ?? '')
    .replaceAll(/[\p{Cc}\p{Surrogate}"\\]/gu, '')
    .split('/')
    .at(-1)!
    .trim();
  return name === '' ? `file-${n + 1}` : name.slice(-LONGEST_NAME);
}

/** A part of a multipart message, head and body; ASCII throughout. */
export function attachmentPart({ name, type, content }: Attachment): string {
  const ascii = /^[\x20-\x7e]*$/.test(name);
  const named = ascii ? `filename="${name}"` : `filename*=utf-8''${encodeURIComponent(name).replaceAll("'", '%27')}`;
  const head = [
    `Content-Type: ${type}; name="${ascii ? name : encodeWord(name, 'Q', 52)}"`,
    `Content-Disposition: attachment;\r\n ${named}`,
    'Content-Transfer-Encoding: base64',
  ];
  return `${head.join('\r\n')}\r\n\r\n${content.toString('base64').replaceAll(/.{76}(?!$)/g, '$&\r\n')}\r\n`;
}
