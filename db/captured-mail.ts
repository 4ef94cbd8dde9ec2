import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export interface NewCapturedMail {
  from: string;
  to: string;
  raw: Buffer;
}

/** Keeps messages for the Outbox; their headers of interest are read from the raw text. Answers their ids, in order. */
export async function storeCaptured(tx: Queryable, mails: readonly NewCapturedMail[]): Promise<string[]> {
  const headers = mails.map(({ raw }) => raw.subarray(0, Math.max(raw.indexOf('\r\n\r\n'), 0)).toString('utf8'));
  const { rows } = await tx.query<{ id: string }>(
    `with given as (
       select uuidv7() as id, m.* from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])
         with ordinality as m (message_id, send_key, from_address, to_address, subject, raw, n)),
     stored as (
       insert into captured_mail (id, message_id, send_key, from_address, to_address, subject, raw)
       select id, message_id, send_key, from_address, to_address, subject, raw from given)
     select id from given order by n`,
    [
      headers.map((text) => header(text, 'Message-ID')),
      headers.map((text) => header(text, 'X-Tendril-Send')),
      mails.map((mail) => mail.from),
      mails.map((mail) => mail.to),
      headers.map((text) => decodeWords(header(text, 'Subject'))),
      mails.map((mail) => mail.raw),
    ],
  );
  return rows.map((row) => row.id);
}

function header(text: string, name: string): string | null {
  const found = new RegExp(`^${name}:[ \\t]*((?:.*)(?:\\r\\n[ \\t].*)*)`, 'im').exec(text)?.[1];
  return found === undefined ? null : found.replace(/\r\n[ \t]+/g, ' ').trim();
}

/** RFC 2047 encoded words in UTF-8, as our own mails have them. */
function decodeWords(text: string | null): string | null {
  if (text === null) return null;
  const joined = text.replace(/(\?=)\s+(=\?)/g, '$1$2');
  return joined.replace(/(?:=\?utf-8\?[qb]\?[^?]*\?=)+/gi, (run) => {
    const pieces = [...run.matchAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi)].map(([, kind, body]) =>
      kind!.toLowerCase() === 'b' ? Buffer.from(body!, 'base64') : decodeQ(body!),
    );
    return Buffer.concat(pieces).toString('utf8');
  });
}

function decodeQ(body: string): Buffer {
  return Buffer.from(
    body.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
}

export interface CapturedMail {
  id: string;
  at: Date;
  messageId: string | null;
  sendKey: string | null;
  from: string;
  to: string;
  subject: string | null;
}

const columns = `id, at, message_id as "messageId", send_key as "sendKey", from_address as "from", to_address as "to", subject`;

/** Captured mail, newest first, to an address or to anybody, one page from a place on. */
export async function listCaptured(
  tx: Queryable,
  { to, limit, from }: { to: string | null; limit: number; from: Place | null },
): Promise<{ items: CapturedMail[]; nextCursor: string | null }> {
  const { rows } = await tx.query<CapturedMail & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', at::text, 'id', id) as place from captured_mail
      where ($1::text is null or to_address = $1) and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
      order by at desc, id desc limit $2 + 1`,
    [to, limit, from?.at ?? null, from?.id ?? null],
  );
  return cutPage(rows, limit);
}

/** One captured mail with its raw message, or null. */
export async function readCaptured(tx: Queryable, id: string): Promise<(CapturedMail & { raw: Buffer }) | null> {
  const { rows } = await tx.query<CapturedMail & { raw: Buffer }>(`select ${columns}, raw from captured_mail where id = $1`, [id]);
  return rows[0] ?? null;
}
