import { TendrilError } from '../domain/errors.ts';
import type { Mapped } from '../domain/intake/map.ts';
import type { Admitted } from './intake.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export const submissionStates = ['accepted', 'review', 'junk', 'resolved', 'discarded'] as const;
export type SubmissionState = (typeof submissionStates)[number];

/** By what a repeated submission is known. A sender's id holds for ever, a hash of the content for ten minutes. */
export interface RepeatKey {
  source: string;
  key: string;
  forEver: boolean;
}

/** Where hashes of contents stand among the keys, so that old ones can be swept out. */
const CONTENT = 'form-content';
/** Ten minutes as people feel them: a clock that runs fast has its window stretched. */
const WINDOW = `interval '10 minutes' * (select greatest(clock_rate, 1) from workspace)`;

/**
 * The key of a submission with or without an id of its sender's. `who` is the address or number in it: an id that comes again
 * with somebody else is no repeat, and losing a lead is worse than an event too many. Senders we do not know may call
 * anything an id, so theirs only counts together with the content.
 */
export function repeatKeyOf(
  formKey: string,
  sent: { provider: string; providerId: string | null; who: string | null; contentHash: string },
): RepeatKey {
  const { provider, providerId, who, contentHash } = sent;
  if (!providerId) return { source: CONTENT, key: `${formKey}:${contentHash}`, forEver: false };
  const unknown = provider === 'json' || provider === 'form';
  return { source: `form:${provider}`, key: `${formKey}:${providerId}:${unknown ? contentHash : (who ?? '')}`, forEver: true };
}

/** A submission's id; and what became of the one it repeats, where it is not new. */
export interface Claimed {
  id: string;
  repeated: SubmissionState | null;
}

/**
 * The ids of submissions that are new, and what became of those that others repeat, in the order given. No key may be given twice.
 * Waits for twins that are being stored at the same moment.
 */
export async function claimSubmissions(tx: Queryable, keys: readonly RepeatKey[]): Promise<Claimed[]> {
  if (keys.length === 0) return [];
  const nameOf = ({ source, key }: { source: string; key: string }): string => `${source} ${key}`;
  const values = [keys.map(({ source }) => source), keys.map(({ key }) => key)];
  const { rows } = await tx.query<{ source: string; key: string; id: string }>({
    name: 'claim-submissions',
    text: `insert into event_key (source, key, ref, seen_at)
      select source, key, uuidv7(), (select clock()) from unnest($1::text[], $2::text[]) as k (source, key) order by source, key
      on conflict (source, key) do update set seen_at = excluded.seen_at, ref = excluded.ref
            where event_key.source = '${CONTENT}' and event_key.seen_at <= (select clock()) - ${WINDOW}
      returning source, key, ref as id`,
    values,
  });
  const claimed = new Map<string, Claimed>(rows.map((row) => [nameOf(row), { id: row.id, repeated: null }]));
  if (rows.length < keys.length) {
    const { rows: before } = await tx.query<{ source: string; key: string; id: string; state: SubmissionState }>(
      `select k.source, k.key, s.id, s.state
         from unnest($1::text[], $2::text[]) as g (source, key) join event_key k using (source, key) join submission s on s.id = k.ref`,
      values,
    );
    for (const row of before) {
      if (!claimed.has(nameOf(row))) claimed.set(nameOf(row), { id: row.id, repeated: row.state });
    }
  }
  return keys.map((key) => claimed.get(nameOf(key))!);
}

/** Forgets hashes whose window has passed. */
export async function forgetContentHashes(tx: Queryable): Promise<void> {
  await tx.query(`delete from event_key where source = '${CONTENT}' and seen_at <= clock() - ${WINDOW}`);
}

export interface NewSubmission {
  id: string;
  formKey: string;
  provider: string;
  /** As it came, as JSON text. */
  raw: string;
  mapped: Mapped;
  state: 'accepted' | 'review' | 'junk';
  reason: string | null;
  /** When somebody must have looked at it; for review only. */
  reviewDueAt: Date | null;
  admitted: Admitted | null;
}

export async function insertSubmissions(tx: Queryable, submissions: readonly NewSubmission[]): Promise<void> {
  if (submissions.length === 0) return;
  await tx.query({
    name: 'insert-submissions',
    text: `insert into submission (id, form_key, provider, raw, fields, state, reason, review_due_at, lead_id, event_id, test, received_at)
           select *, (select clock()) from rows from (
             unnest($1::uuid[], $2::text[], $3::text[]), jsonb_array_elements($4), jsonb_array_elements($5),
             unnest($6::text[], $7::text[], $8::timestamptz[], $9::uuid[], $10::uuid[], $11::boolean[]))`,
    values: [
      submissions.map((s) => s.id),
      submissions.map((s) => s.formKey),
      submissions.map((s) => s.provider),
      `[${submissions.map((s) => s.raw).join(',')}]`,
      JSON.stringify(submissions.map((s) => s.mapped)),
      submissions.map((s) => s.state),
      submissions.map((s) => s.reason),
      submissions.map((s) => s.reviewDueAt),
      submissions.map((s) => s.admitted?.leadId ?? null),
      submissions.map((s) => s.admitted?.eventId ?? null),
      submissions.map((s) => s.mapped.test),
    ],
  });
}

export interface StoredSubmission {
  id: string;
  formKey: string;
  provider: string;
  receivedAt: Date;
  fields: Mapped;
  state: SubmissionState;
  reason: string | null;
  reviewDueAt: Date | null;
  escalatedAt: Date | null;
  leadId: string | null;
  eventId: string | null;
  test: boolean;
}

const columns = `id, form_key as "formKey", provider, received_at as "receivedAt", fields, state, reason, review_due_at as "reviewDueAt",
  escalated_at as "escalatedAt", lead_id as "leadId", event_id as "eventId", test`;

/** Submissions, newest first. */
export async function listSubmissions(
  tx: Queryable,
  filter: { state?: SubmissionState; form?: string },
  limit: number,
  after: Place | null,
) {
  const { rows } = await tx.query<StoredSubmission & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', received_at::text, 'id', id) as place from submission
      where ($1::text is null or state = $1) and ($2::text is null or form_key = $2) and ($3::timestamptz is null or (received_at, id) < ($3, $4::uuid))
      order by received_at desc, id desc limit $5`,
    [filter.state ?? null, filter.form ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

/** One submission with its body as it came. Throws `not_found`. */
export async function getSubmission(tx: Queryable, id: string): Promise<StoredSubmission & { raw: unknown }> {
  const { rows } = await tx.query<StoredSubmission & { raw: unknown }>(`select ${columns}, raw from submission where id = $1`, [id]);
  return rows[0] ?? missing();
}

/** The same, locked for whoever decides what becomes of it. Throws `not_found`, and `conflict` when it is in none of these states. */
export async function lockSubmission(tx: Queryable, id: string, states: readonly SubmissionState[]): Promise<StoredSubmission> {
  const { rows } = await tx.query<StoredSubmission>(`select ${columns} from submission where id = $1 for no key update`, [id]);
  const found = rows[0] ?? missing();
  if (!states.includes(found.state)) {
    throw new TendrilError('conflict', `This submission is ${found.state}; only one that is ${states.join(' or ')} can be changed so`);
  }
  return found;
}

/** What became of a submission that waited. */
export async function settleSubmission(
  tx: Queryable,
  id: string,
  change: { state: SubmissionState; reason: string | null; mapped: Mapped; reviewDueAt: Date | null; admitted: Admitted | null },
): Promise<StoredSubmission> {
  const { rows } = await tx.query<StoredSubmission>(
    `with looked_at as (update breach set ended_at = clock() where submission_id = $1 and ended_at is null and $2 <> 'review')
     update submission
        set state = $2, reason = $3, fields = $4, review_due_at = $5, lead_id = coalesce($6, lead_id), event_id = coalesce($7, event_id),
            review_rung = 0, review_look_at = null, review_since = case when $2 = 'review' then clock() end
      where id = $1 returning ${columns}`,
    [
      id,
      change.state,
      change.reason,
      JSON.stringify(change.mapped),
      change.reviewDueAt,
      change.admitted?.leadId ?? null,
      change.admitted?.eventId ?? null,
    ],
  );
  return rows[0]!;
}

function missing(): never {
  throw new TendrilError('not_found', 'There is no such submission');
}
