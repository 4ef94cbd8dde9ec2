import { normaliseEmail } from '../identity/email.ts';

/** A mail that came in, taken apart and bounded: what it is judged by. Whatever it says of itself is the sender's word. */
export interface InboundMail {
  /** With its angle brackets, as it stands there. */
  messageId: string | null;
  from: { name: string | null; address: string } | null;
  /** Whether the server that took it in could confirm that it comes from there; null: it says nothing of it. */
  confirmed: boolean | null;
  /** Every address it came to: of the envelope, of To and Cc, and those that servers on the way noted. */
  to: readonly string[];
  subject: string;
  /** As it says; null where it says none that can be read. */
  date: Date | null;
  /** By name in small letters, in their order. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** The text a person reads; made from the HTML where there is no other. */
  text: string;
  /** Message-IDs that In-Reply-To and References name, the nearest first. */
  answers: readonly string[];
  /** Parts that machines wrote for machines: reports, and the mail they are about. */
  reports: readonly ReportPart[];
  attachments: readonly { name: string | null; type: string; size: number }[];
}

export interface ReportPart {
  /** Of these alone: `message/delivery-status`, `message/feedback-report`, `message/disposition-notification`, `message/rfc822`, `text/rfc822-headers`. */
  type: string;
  text: string;
}

/** The first value of a header, or ''. */
export function header({ headers }: Pick<InboundMail, 'headers'>, name: string): string {
  return headers.get(name)?.[0]?.trim() ?? '';
}

/** Headers of a text, up to its first empty line: unfolded, by name in small letters. */
export function readHeaders(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const [block = ''] = text.replace(/^(\s*\r?\n)+/, '').split(/\r?\n[ \t]*\r?\n/, 1);
  for (const line of block.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line
      .slice(colon + 1)
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .trim();
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

/** The address in a header's value: `Name <a@b>`, `rfc822; a@b`, or bare; spelled as leads' are. Null where there is none. */
export function addressIn(value: string): string | null {
  return normaliseEmail(/[^\s<>;,:"]{1,64}@[^\s<>;,:"]{1,255}/.exec(value)?.[0]);
}
