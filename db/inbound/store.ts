import type { InboundMail } from '../../domain/inbound/mail.ts';
import type { Queryable } from '../pool.ts';

export type InboundKind = 'reply' | 'leave' | 'auto_reply' | 'bounce' | 'complaint' | 'automatic' | 'unreadable';

export interface NewInbound {
  key: string;
  channel: 'hook' | 'mailbox';
  kind: InboundKind;
  mail: Pick<InboundMail, 'messageId' | 'from' | 'to' | 'subject' | 'text' | 'attachments' | 'date'>;
  /** Kept whole; null where there is none, or nobody will ask for it. */
  raw: Uint8Array | null;
}

/** What is shown of a text, characters. */
const LONGEST_BODY = 20_000;

/** Notes a mail that came in; null when it has come before, whatever way. Whoever else takes the same one in waits until this is committed. */
export async function storeInbound(tx: Queryable, { key, channel, kind, mail, raw }: NewInbound): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `with stored as (
       insert into inbound_mail (key, channel, kind, state, message_id, from_address, from_name, to_addresses, subject, body, attachments, sent_at)
       values ($1, $2, $3, 'done', $4, $5, $6, $7, $8, $9, $10, $11) on conflict (key) do nothing returning id),
     kept as (insert into inbound_raw (inbound_id, raw) select id, $12::bytea from stored where $12::bytea is not null)
     select id from stored`,
    [
      key,
      channel,
      kind,
      mail.messageId,
      mail.from?.address ?? null,
      mail.from?.name ?? null,
      mail.to,
      mail.subject,
      mail.text.slice(0, LONGEST_BODY),
      JSON.stringify(mail.attachments),
      mail.date,
      raw,
    ],
  );
  return rows[0]?.id ?? null;
}

/** What was found out about a mail that came in, and what became of it. */
export interface Finding {
  leadId: string | null;
  sendId: string | null;
  foundBy: string | null;
  /** Whose conversation it belongs to; absent: nobody's of their own. */
  repId?: string | null;
  state: 'done' | 'review';
  /** Why it waits for a person, or why nothing came of it. */
  reason: string | null;
  detail: Record<string, unknown>;
}

/** Writes it down. Only what a person may ask for is kept whole. */
export async function noteFinding(tx: Queryable, id: string, found: Finding, keepRaw: boolean): Promise<void> {
  await tx.query(
    `with forgotten as (delete from inbound_raw where inbound_id = $1 and not $8)
     update inbound_mail set lead_id = $2, send_id = $3, found_by = $4, state = $5, reason = $6, detail = $7, rep_id = $9 where id = $1`,
    [id, found.leadId, found.sendId, found.foundBy, found.state, found.reason, JSON.stringify(found.detail), keepRaw, found.repId ?? null],
  );
}
