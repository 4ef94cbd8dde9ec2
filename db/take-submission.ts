import { plus } from '../domain/calendar/duration.ts';
import { contentHash } from '../domain/intake/content-hash.ts';
import { judge, reachable } from '../domain/intake/judge.ts';
import type { Mapped } from '../domain/intake/map.ts';
import { storableJson } from '../domain/storable.ts';
import type { Recognised } from '../domain/intake/types.ts';
import type { Loop } from '../domain/loops.ts';
import { type FormInForce, formInForce, stillInForce } from './forms.ts';
import { admit } from './intake.ts';
import type { Queryable } from './pool.ts';
import {
  claimSubmissions,
  insertSubmissions,
  lockSubmission,
  type RepeatKey,
  repeatKeyOf,
  settleSubmission,
  type StoredSubmission,
  type SubmissionState,
} from './submissions.ts';

/** A submission as it was read. `raw` is the body as it came, as JSON text. */
export interface Submitted {
  inForce: FormInForce;
  recognised: Recognised;
  mapped: Mapped;
  raw: string;
  repeatKey: RepeatKey;
}

/** A submission to be stored. `body` is what came, parsed. */
export function submissionOf(inForce: FormInForce, recognised: Recognised, mapped: Mapped, body: unknown): Submitted {
  const { provider, providerId } = recognised;
  const who = mapped.email ?? mapped.phone;
  const repeatKey = repeatKeyOf(inForce.form.key, { provider, providerId, who, contentHash: contentHash(recognised) });
  return { inForce, recognised, mapped, raw: storableJson(body), repeatKey };
}

export interface Taken {
  submissionId: string;
  state: SubmissionState;
}

/**
 * By what it is known whether two submissions concern each other: of one person, of one visitor, or one sent twice. Such are taken in
 * one after the other.
 */
export function concernsOf({ mapped, repeatKey: { source, key } }: Submitted): string[] {
  const { email, phone, circumstances } = mapped;
  const given = { email, phone, visitor: circumstances.anonymousId ?? null, [source]: key };
  return Object.entries(given).flatMap(([kind, value]) => (value === null ? [] : [`${kind} ${value}`]));
}

/**
 * Stores submissions that do not concern each other and all that follows from them, in the caller's transaction. One that was sent
 * before changes nothing and answers as it did then; one that was read by a form that is not in force any more is left, and answered
 * with null. Answers in the order given, with the loops to poke after the commit. A fixed number of statements.
 */
export async function takeSubmissions(tx: Queryable, all: readonly Submitted[]): Promise<{ taken: (Taken | null)[]; loops: Loop[] }> {
  const { inForce, ...ground } = await stillInForce(
    tx,
    all.map((one) => one.inForce),
  );
  const given = all.filter((_, i) => inForce[i]);
  const claims = await claimSubmissions(
    tx,
    given.map((one) => one.repeatKey),
  );
  const fresh = given.flatMap((one, i) => {
    const { id, repeated } = claims[i]!;
    return repeated ? [] : [{ ...one, id, ...judge(one.recognised.answers, one.mapped, one.inForce.form) }];
  });
  const accepted = fresh.filter(({ state }) => state === 'accepted');
  const { admitted, loops } = await admit(
    tx,
    accepted.map(({ id, inForce, recognised: { provider, submittedAt }, mapped }) => ({
      submissionId: id,
      inForce,
      provider,
      submittedAt,
      mapped,
    })),
    ground,
  );
  const admittedBy = new Map(accepted.map(({ id }, i) => [id, admitted[i]!]));
  await insertSubmissions(
    tx,
    fresh.map(({ id, inForce: { form }, recognised: { provider }, raw, mapped, state, reason }) => ({
      id,
      formKey: form.key,
      provider,
      raw,
      mapped,
      state,
      reason,
      reviewDueAt: state === 'review' ? plus(ground.now, form.reviewWithin) : null,
      admitted: admittedBy.get(id) ?? null,
    })),
  );
  const states = new Map(fresh.map(({ id, state }) => [id, state]));
  const taken = new Map(
    given.map((one, i) => [one, { submissionId: claims[i]!.id, state: claims[i]!.repeated ?? states.get(claims[i]!.id)! }]),
  );
  return { taken: all.map((one) => taken.get(one) ?? null), loops };
}

/** What a person found out about a submission; it goes before what was sent. */
export type Correction = Partial<Pick<Mapped, 'email' | 'phone' | 'firstName' | 'lastName' | 'name' | 'company' | 'country'>>;

/**
 * Takes in a submission that waited for review, or was quarantined, with what a person corrected. Restored junk without an
 * address goes under review; a submission under review needs one. Throws `not_found`, `conflict`.
 */
export async function readmitSubmission(
  tx: Queryable,
  id: string,
  from: 'review' | 'junk',
  correction: Correction = {},
): Promise<{ submission: StoredSubmission; loops: Loop[] }> {
  const before = await lockSubmission(tx, id, [from]);
  const inForce = await formInForce(tx, before.formKey);
  const mapped: Mapped = { ...before.fields, ...correction };
  const { state, reason } = reachable(mapped);
  if (state === 'review') {
    const reviewDueAt = before.reviewDueAt ?? plus(inForce.now, inForce.form.reviewWithin);
    return { submission: await settleSubmission(tx, id, { state, reason, mapped, reviewDueAt, admitted: null }), loops: [] };
  }
  const { admitted: all, loops } = await admit(tx, [{ inForce, submissionId: id, provider: before.provider, mapped }]);
  const admitted = all[0]!;
  const submission = await settleSubmission(tx, id, { state: 'resolved', reason: before.reason, mapped, reviewDueAt: null, admitted });
  return { submission, loops };
}

/** Puts a submission away for good. It stays to be read. Throws `not_found`, `conflict`. */
export async function discardSubmission(tx: Queryable, id: string): Promise<StoredSubmission> {
  const before = await lockSubmission(tx, id, ['review', 'junk']);
  return settleSubmission(tx, id, { state: 'discarded', reason: before.reason, mapped: before.fields, reviewDueAt: null, admitted: null });
}
