import { plus } from '../domain/calendar/duration.ts';
import { contentHash } from '../domain/intake/content-hash.ts';
import { judge, reachable } from '../domain/intake/judge.ts';
import type { Mapped } from '../domain/intake/map.ts';
import type { Recognised } from '../domain/intake/types.ts';
import type { Loop } from '../domain/loops.ts';
import { type FormInForce, formInForce } from './forms.ts';
import { admit } from './intake.ts';
import type { Queryable } from './pool.ts';
import {
  claimSubmission,
  insertSubmission,
  lockSubmission,
  repeatKey,
  settleSubmission,
  type StoredSubmission,
  type SubmissionState,
} from './submissions.ts';

export interface Taken {
  submissionId: string;
  state: SubmissionState;
  /** To poke after the commit. */
  loops: Loop[];
}

/**
 * Stores one submission and all that follows from it, in the caller's transaction. One that was sent before changes nothing
 * and answers as it did then. `raw` is the body as it came, as JSON text.
 */
export async function takeSubmission(
  tx: Queryable,
  inForce: FormInForce,
  { recognised, mapped, raw }: { recognised: Recognised; mapped: Mapped; raw: string },
): Promise<Taken> {
  const { form, now } = inForce;
  const { provider, providerId, submittedAt, answers } = recognised;
  const { id, repeated } = await claimSubmission(
    tx,
    repeatKey(form.key, { provider, providerId, who: mapped.email ?? mapped.phone, contentHash: contentHash(recognised) }),
  );
  if (repeated) return { submissionId: id, state: repeated, loops: [] };
  const { state, reason } = judge(answers, mapped, form);
  const admitted = state === 'accepted' ? await admit(tx, inForce, { submissionId: id, provider, submittedAt, mapped }) : null;
  const reviewDueAt = state === 'review' ? plus(now, form.reviewWithin) : null;
  await insertSubmission(tx, { id, formKey: form.key, provider, raw, mapped, state, reason, reviewDueAt, admitted });
  return { submissionId: id, state, loops: admitted?.loops ?? [] };
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
  const admitted = await admit(tx, inForce, { submissionId: id, provider: before.provider, mapped });
  const submission = await settleSubmission(tx, id, { state: 'resolved', reason: before.reason, mapped, reviewDueAt: null, admitted });
  return { submission, loops: admitted.loops };
}

/** Puts a submission away for good. It stays to be read. Throws `not_found`, `conflict`. */
export async function discardSubmission(tx: Queryable, id: string): Promise<StoredSubmission> {
  const before = await lockSubmission(tx, id, ['review', 'junk']);
  return settleSubmission(tx, id, { state: 'discarded', reason: before.reason, mapped: before.fields, reviewDueAt: null, admitted: null });
}
