import PostalMime from 'postal-mime';
import type { Pool } from 'pg';

export interface CapturedMail {
  to: string;
  subject: string;
  /** Workspace time. */
  at: Date;
  sendKey: string | null;
  html: string;
  text: string;
  headers: Map<string, string>;
  /** Every address linked from the HTML part, in order. */
  links: string[];
}

/** What the capture server received, oldest first; to one address, or to everybody; without the first `skip`. */
export async function readOutbox(pool: Pool, to?: string, skip = 0): Promise<CapturedMail[]> {
  const { rows } = await pool.query<{ to: string; at: Date; sendKey: string | null; raw: Buffer }>(
    `select to_address as "to", at, send_key as "sendKey", raw from captured_mail where $1::text is null or to_address = $1 order by id offset $2`,
    [to ?? null, skip],
  );
  return Promise.all(rows.map(read));
}

async function read({ raw, ...known }: { to: string; at: Date; sendKey: string | null; raw: Buffer }): Promise<CapturedMail> {
  const mail = await PostalMime.parse(raw);
  const html = mail.html ?? '';
  return {
    ...known,
    subject: mail.subject ?? '',
    html,
    text: mail.text ?? '',
    headers: new Map(mail.headers.map(({ key, value }) => [key, value])),
    links: [...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link!.replaceAll('&amp;', '&')),
  };
}
