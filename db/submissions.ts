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
export function repeatKey(
  formKey: string,
  sent: { provider: string; providerId: string | null; who: string | null; contentHash: string },
): RepeatKey {
  const { provider, providerId, who, contentHash } = sent;
  if (!providerId) return { source: CONTENT, key: `${formKey}:${contentHash}`, forEver: false };
  const unknown = provider === 'json' || provider === 'form';
  return { source: `form:${provider}`, key: `${formKey}:${providerId}:${unknown ? contentHash : (who ?? '')}`, forEver: true };
}

/**
 * The id of a submission that is new, or what became of the one it repeats. Waits for a twin that is being stored at the
 * same moment.
 */
export async function claimSubmission(
  tx: Queryable,
  { source, key, forEver }: RepeatKey,
): Promise<{ id: string; repeated: SubmissionState | null }> {
  const { rows } = await tx.query<{ id: string }>({
    name: `claim-submission-${forEver ? 'for-ever' : 'for-a-while'}`,
    text: `insert into event_key (source, key, ref) values ($1, $2, uuidv7())
      on conflict (source, key) do ${forEver ? 'nothing' : `update set seen_at = excluded.seen_at, ref = excluded.ref where event_key.seen_at <= clock() - ${WINDOW}`}
      returning ref as id`,
    values: [source, key],
  });
  if (rows[0]) return { id: rows[0].id, repeated: null };
  const { rows: before } = await tx.query<{ id: string; state: SubmissionState }>(
    'select s.id, s.state from event_key k join submission s on s.id = k.ref where k.source = $1 and k.key = $2',
    [source, key],
  );
  return { id: before[0]!.id, repeated: before[0]!.state };
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

export async function insertSubmission(tx: Queryable, s: NewSubmission): Promise<void> {
  await tx.query({
    name: 'insert-submission',
    text: `insert into submission (id, form_key, provider, raw, fields, state, reason, review_due_at, lead_id, event_id, test)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      s.id,
      s.formKey,
      s.provider,
      s.raw,
      JSON.stringify(s.mapped),
      s.state,
      s.reason,
      s.reviewDueAt,
      s.admitted?.leadId ?? null,
      s.admitted?.eventId ?? null,
      s.mapped.test,
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
    `update submission set state = $2, reason = $3, fields = $4, review_due_at = $5, lead_id = coalesce($6, lead_id), event_id = coalesce($7, event_id)
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
