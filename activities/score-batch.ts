import type { Logger } from 'pino';
import { type HandOff, handOff, loopsOfHandOff } from '../db/opportunities.ts';
import { type JournalRow, writeJournal } from '../db/journal.ts';
import { keptSegments, refreshMembers, setSegmentAside } from '../db/kept-segments.ts';
import { isOfTheData, type Queryable } from '../db/pool.ts';
import { loadScorables, type ScoredLead } from '../db/score-facts.ts';
import { lockReady, loopsAwaiting, type NewScore, type ScoringRange, setAside, storeScores, takeScoreWakes } from '../db/scores.ts';
import type { ScoringGround } from '../db/scoring-models.ts';
import { wakeLeads, type Woken } from '../db/wakes.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import type { Loop } from '../domain/loops.ts';
import { handsOver } from '../domain/scoring/hand-over.ts';
import { explanationOf, type Score, score } from '../domain/scoring/score.ts';
import { seenWords } from '../domain/scoring/words.ts';

export interface Batch {
  /** Leads that we held and are done with. */
  done: number;
  /** There were as many as asked for, so there may be more. */
  full: boolean;
  /** To poke after the commit. */
  pokes: Loop[];
}

interface Result {
  lead: ScoredLead;
  score: Score;
}

/**
 * Scores up to `limit` leads that are woken or due: locks them, takes their wakes, reads, computes, writes. `onLocked` hears whom,
 * so that a batch that fails alone can be named. A fixed number of statements whatever the number of leads.
 */
export async function scoreBatch(
  tx: Queryable,
  range: ScoringRange,
  limit: number,
  { ground, log, onLocked }: { ground(tx: Queryable): Promise<ScoringGround>; log: Logger; onLocked(leadIds: string[]): void },
): Promise<Batch> {
  const ready = await lockReady(tx, range, limit);
  const ids = (state: string): string[] => ready.filter((lead) => lead.state === state).map((lead) => lead.leadId);
  const locked = ids('locked');
  onLocked(locked);
  if (ready.length > 0) await takeScoreWakes(tx, [...locked, ...ids('gone')]);
  if (locked.length === 0) return { done: 0, full: false, pokes: [] };

  const { now, model, standard } = await ground(tx);
  const leads = await loadScorables(tx, locked, model);
  const failed: FailedLead[] = [];
  const results = leads.flatMap((lead): Result[] => {
    try {
      return [{ lead, score: score(model, standard, lead, lead.before?.level ?? null, now) }];
    } catch (error) {
      failed.push({ leadId: lead.leadId, error: error as Error });
      return [];
    }
  });
  await storeScores(
    tx,
    results.map(({ lead, score: made }) => newScore(lead, made, model.version, now)),
  );
  const changed = results.filter(isNews);
  await writeJournal(
    tx,
    changed.map((result) => scoredRow(result, model.version, now)),
  );
  await letGo(tx, failed, log);

  const handed = standard === null ? [] : results.filter(({ lead, score: made }) => made.qualified && handsOver(lead.standing, now));
  const toSales = new Set(handed);
  const opened = await handOff(
    tx,
    handed.map((result) => handOffRequest(result, standard!.pool, standard!.productLine, standard!.version, now)),
  );
  const touched = results.filter((result) => isFelt(result) || toSales.has(result)).map(({ lead }) => lead.leadId);
  const woken = [
    ...(await wakeLeads(tx, touched, { rescore: false })),
    ...(await loopsAwaiting(tx, locked)),
    ...(await followSegments(tx, locked, log)),
  ];
  return {
    done: locked.length,
    full: ready.length >= limit,
    pokes: [...(await wokenLoops(tx, woken)), ...loopsOfHandOff(opened)],
  };
}

/**
 * Whatever changes of a lead comes by here, so here it is seen which segments it has come into or left. A segment that cannot be looked at
 * is set aside with its reason and stands in nobody's way.
 */
async function followSegments(tx: Queryable, leadIds: readonly string[], log: Logger): Promise<Woken[]> {
  const woken: Woken[] = [];
  for (const segment of await keptSegments(tx)) {
    await tx.query('savepoint segment');
    try {
      woken.push(...(await refreshMembers(tx, [segment], leadIds)));
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      await tx.query('rollback to savepoint segment');
      log.error({ err: error, segment: segment.key }, 'a segment could not be looked at');
      await setSegmentAside(tx, segment.key, (error as Error).message);
    }
    await tx.query('release savepoint segment');
  }
  return woken;
}

export interface FailedLead {
  leadId: string;
  error: Error;
}

/** Leads that cannot be scored stand in nobody's way: they are set aside with the reason, until something new happens to them. */
export async function letGo(tx: Queryable, failed: readonly FailedLead[], log: Logger): Promise<void> {
  for (const { leadId, error } of failed)
    log.error({ err: error, leadId }, 'a lead could not be scored; it is looked at again when something new happens');
  await setAside(
    tx,
    failed.map(({ leadId }) => leadId),
  );
  await writeJournal(
    tx,
    failed.map(({ leadId, error }) => ({ kind: 'score_failed', leadId, because: { error: error.message } })),
  );
}

/** Fit, level or qualification is not what it was: for the journal. */
function isNews({ lead: { before }, score: after }: Result): boolean {
  return before === null || before.fit !== after.fit || before.level !== after.level || before.qualified !== after.qualified;
}

/** Something that a campaign's condition may compare is not what it was; engagement itself is felt by the whole point. */
function isFelt(result: Result): boolean {
  return isNews(result) || Math.round(result.lead.before!.engagement) !== Math.round(result.score.engagement);
}

function newScore({ leadId, standing }: ScoredLead, made: Score, model: number, now: Date): NewScore {
  const { fit, fitPoints, engagement, level, qualified, looksAgainAt } = made;
  const { resumeAt } = standing;
  const comesBackAt = qualified && resumeAt !== null && resumeAt > now ? resumeAt : null;
  const dueAt = comesBackAt !== null && (looksAgainAt === null || comesBackAt < looksAgainAt) ? comesBackAt : looksAgainAt;
  return { leadId, fit, fitPoints, engagement, level, qualified, explanation: explanationOf(made, now), model, dueAt };
}

function scoredRow({ lead: { leadId, before }, score: after }: Result, model: number, now: Date): JournalRow {
  const because = {
    model,
    fit: { was: before?.fit ?? null, is: after.fit, points: after.fitPoints },
    level: { was: before?.level ?? null, is: after.level, engagement: after.engagement },
    qualified: { was: before?.qualified ?? false, is: after.qualified },
    rules: explanationOf(after, now),
    evidence: after.evidence,
  };
  return { kind: 'scored', leadId, because };
}

function handOffRequest(
  { lead: { leadId }, score: made }: Result,
  pool: string,
  productLine: string | null,
  standard: number,
  now: Date,
): HandOff {
  const because = {
    rule: 'standard',
    standard,
    fit: made.fit,
    fitPoints: made.fitPoints,
    engagement: made.engagement,
    level: made.level,
    evidence: made.evidence,
    words: made.evidence.filter(({ held }) => held).map(seenWords),
    rules: explanationOf(made, now),
  };
  return { leadId, source: 'score', pool, ...(productLine !== null && { productLine }), because };
}
