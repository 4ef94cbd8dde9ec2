import { TendrilError } from '../../domain/errors.ts';
import { cutPage, type Place } from '../keyset.ts';
import type { Queryable } from '../pool.ts';
import type { InboundKind } from './store.ts';

export interface KeptInbound {
  id: string;
  channel: 'hook' | 'mailbox';
  kind: InboundKind;
  state: 'done' | 'review' | 'reviewed';
  reason: string | null;
  foundBy: string | null;
  sendId: string | null;
  leadId: string | null;
  /** Key of the rep whose conversation it belongs to. */
  rep: string | null;
  from: string | null;
  fromName: string | null;
  to: string[];
  subject: string;
  detail: Record<string, unknown>;
  attachments: { name: string | null; type: string; size: number }[];
  sentAt: Date | null;
  receivedAt: Date;
  /** Whether it is kept whole, as it came. */
  kept: boolean;
}

const columns = `m.id, m.channel, m.kind, m.state, m.reason, m.found_by as "foundBy", m.send_id as "sendId", m.lead_id as "leadId", (select key from rep where id = m.rep_id) as rep, m.from_address as "from",
  m.from_name as "fromName", m.to_addresses as "to", m.subject, m.detail, m.attachments, m.sent_at as "sentAt", m.received_at as "receivedAt",
  exists (select from inbound_raw r where r.inbound_id = m.id) as kept`;

/** Mail that came in, newest first, one page from a place on. */
export async function listInbound(
  tx: Queryable,
  filter: { state?: KeptInbound['state']; kind?: InboundKind; leadId?: string },
  limit: number,
  after: Place | null,
): Promise<{ items: KeptInbound[]; nextCursor: string | null }> {
  const { rows } = await tx.query<KeptInbound & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', m.received_at::text, 'id', m.id) as place from inbound_mail m
      where ($1::text is null or m.state = $1) and ($2::text is null or m.kind = $2) and ($3::uuid is null or m.lead_id = $3)
        and ($4::timestamptz is null or (m.received_at, m.id) < ($4, $5::uuid))
      order by m.received_at desc, m.id desc limit $6 + 1`,
    [filter.state ?? null, filter.kind ?? null, filter.leadId ?? null, after?.at ?? null, after?.id ?? null, limit],
  );
  return cutPage(rows, limit);
}

/** One of them, with its text. Throws `not_found`. */
export async function readInbound(tx: Queryable, id: string): Promise<KeptInbound & { text: string }> {
  const { rows } = await tx.query<KeptInbound & { text: string }>(`select ${columns}, m.body as text from inbound_mail m where m.id = $1`, [
    id,
  ]);
  if (!rows[0]) throw new TendrilError('not_found', 'There is no such mail, or it is no longer kept');
  return rows[0];
}

/** The bytes of one as it came. Throws `not_found` where they are not kept. */
export async function readRaw(tx: Queryable, id: string): Promise<Buffer> {
  const { rows } = await tx.query<{ raw: Buffer }>('select raw from inbound_raw where inbound_id = $1', [id]);
  if (!rows[0]) throw new TendrilError('not_found', 'This mail is not kept as it came, or no longer');
  return rows[0].raw;
}

/** The bytes of those that are kept as they came, by id. */
export async function rawsOf(tx: Queryable, ids: readonly string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; raw: Buffer }>('select inbound_id as id, raw from inbound_raw where inbound_id = any($1)', [
    ids,
  ]);
  return new Map(rows.map(({ id, raw }) => [id, raw]));
}

/** A person has looked at it. Throws `not_found`, and `conflict` where there is nothing to look at. */
export async function markReviewed(tx: Queryable, id: string): Promise<KeptInbound & { text: string }> {
  const { rowCount } = await tx.query(`update inbound_mail set state = 'reviewed' where id = $1 and state = 'review'`, [id]);
  const mail = await readInbound(tx, id);
  if (rowCount === 0 && mail.state === 'done') throw new TendrilError('conflict', 'This mail waits for nobody: it had its effect');
  return mail;
}

/** How many one look throws away. */
const AT_ONCE = 1_000;

/** Throws away what has been kept for long enough. */
export async function forgetInbound(tx: Queryable, days: number): Promise<void> {
  await tx.query(
    `delete from inbound_mail where id in (
       select id from inbound_mail where received_real < now() - make_interval(days => $1) order by received_real limit ${AT_ONCE} for update skip locked)`,
    [days],
  );
}
