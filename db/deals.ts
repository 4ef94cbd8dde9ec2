import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { standardSchema, usualLossReasons } from '../domain/scoring/standard.ts';
import { answer, mustBe } from './answering.ts';
import { currentDocument } from './documents.ts';
import { loadPipeline } from './pipeline.ts';
import type { Queryable } from './pool.ts';
import type { Rep } from './reps.ts';
import type { OpportunityState, Standing } from './standing.ts';

type Who = Pick<Rep, 'id' | 'key' | 'name'> | null;

/** What may be said of an opportunity on its way. What is left out stays; null is unsaid again. */
export interface DealChange {
  /** Key of a stage of the pipeline. */
  stage?: string;
  amount?: number | null;
  /** ISO 4217. */
  currency?: string | null;
  /** A local date, `2026-12-31`. */
  expectedClose?: string | null;
  /** By which fit its ladder is chosen, instead of its lead's. */
  grade?: 'A' | 'B' | 'C' | 'D' | null;
}

const columns = { stage: 'stage', amount: 'amount', currency: 'currency', expectedClose: 'expected_close', grade: 'grade' } as const;
type Field = keyof typeof columns;

const open: OpportunityState[] = ['queued', 'offered', 'accepted', 'touched'];

/**
 * Says anew what the opportunity is worth, when it will close, and how far it is. While it is open; of one that is won the money may be corrected.
 * What changes is journalled with what it was, and wakes its leads. Throws `invalid` and `conflict`.
 */
export async function changeDeal(tx: Queryable, id: string, change: DealChange, by: Who = null): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_changed', move: null, rep: by, stillAwaited: true }, async (standing) => {
    const asked = (Object.keys(columns) as Field[]).filter((field) => change[field] !== undefined);
    const money = asked.every((field) => field === 'amount' || field === 'currency');
    mustBe(standing, money ? [...open, 'won'] : open);
    const changed = asked.filter((field) => change[field] !== standing[field]);
    if (changed.length === 0) return null;
    if (change.stage !== undefined) await mustBeStage(tx, change.stage);
    mustHaveCurrency(standing, change);
    await write(tx, id, change, changed);
    return { changes: Object.fromEntries(changed.map((field) => [field, { was: standing[field], is: change[field] }])) };
  });
}

async function write(tx: Queryable, id: string, change: DealChange, changed: readonly Field[]): Promise<void> {
  const sets = changed.map((field, i) => `${columns[field]} = $${i + 2}`);
  if (changed.includes('stage')) sets.push('stage_at = clock()');
  await tx.query(`update opportunity set ${sets.join(', ')} where id = $1`, [id, ...changed.map((field) => change[field])]);
}

async function mustBeStage(tx: Queryable, key: string): Promise<void> {
  const { stages } = await loadPipeline(tx);
  if (stages.some((stage) => stage.key === key)) return;
  const mend = `one of: ${stages.map((stage) => stage.key).join(', ')}`;
  throw new TendrilError('invalid', `There is no stage '${key}'`, [{ path: 'stage', reason: 'is not in the pipeline', mend }]);
}

/** An amount without a currency is worth nothing to whoever adds amounts up. */
function mustHaveCurrency(standing: Standing, change: Pick<DealChange, 'amount' | 'currency'>): void {
  const amount = change.amount === undefined ? standing.amount : change.amount;
  const currency = change.currency === undefined ? standing.currency : change.currency;
  if (amount === null || currency !== null) return;
  throw new TendrilError('invalid', 'An amount needs its currency', [
    { path: 'currency', reason: 'is missing', mend: 'an ISO 4217 code such as EUR' },
  ]);
}

export interface Outcome {
  outcome: 'won' | 'lost';
  amount?: number | null;
  currency?: string | null;
  /** Of a loss: key of one of the standard's `lossReasons`. */
  reason?: string | null;
  note?: string | null;
}

/** The outcome: the opportunity is closed for good. Throws `invalid` where a loss is without one of the reasons that there are. */
export async function close(tx: Queryable, id: string, outcome: Outcome, by: Who = null): Promise<Loop[]> {
  const { outcome: state, amount = null, currency = null, reason = null, note = null } = outcome;
  return answer(tx, id, { event: `opportunity_${state}`, move: state, rep: by }, async (standing) => {
    mustBe(standing, ['accepted', 'touched']);
    await mustBeReason(tx, state, reason);
    mustHaveCurrency(standing, { ...(amount !== null && { amount }), ...(currency !== null && { currency }) });
    await tx.query(
      `update opportunity
          set state = $2, epoch = epoch + 1, closed_at = clock(), next_look_at = null, rung_due_at = null, snoozed_until = null,
              amount = coalesce($3, amount), currency = coalesce($4, currency), outcome_reason = $5
        where id = $1`,
      [id, state, amount, currency, reason],
    );
    return { amount: amount ?? standing.amount, currency: currency ?? standing.currency, reason, ...(note && { note }) };
  });
}

/** Why something may be lost, by key, and whether one must be named. */
export async function lossReasons(tx: Queryable): Promise<{ reasons: Record<string, { label: string }>; needed: boolean }> {
  const stored = await currentDocument(tx, 'standard');
  const own = stored ? standardSchema.parse(stored.body).lossReasons : undefined;
  return { reasons: own ?? usualLossReasons, needed: own !== undefined };
}

async function mustBeReason(tx: Queryable, outcome: 'won' | 'lost', reason: string | null): Promise<void> {
  if (outcome === 'won') {
    if (reason === null) return;
    const issue = { path: 'reason', reason: 'is for a loss', mend: 'write it in note' };
    throw new TendrilError('invalid', 'What is won needs no reason', [issue]);
  }
  const { reasons, needed } = await lossReasons(tx);
  if (reason === null ? !needed : Object.hasOwn(reasons, reason)) return;
  const mend = `one of: ${Object.keys(reasons).join(', ')}`;
  const said = reason === null ? 'A loss needs its reason' : `There is no loss reason '${reason}'`;
  throw new TendrilError('invalid', said, [{ path: 'reason', reason: reason === null ? 'is missing' : 'is not in the standard', mend }]);
}
