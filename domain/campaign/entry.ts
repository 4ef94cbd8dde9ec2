import { plus } from '../calendar/duration.ts';
import { leavesOf, parseCondition } from '../conditions/condition.ts';
import { evaluate } from '../conditions/evaluate.ts';
import { exitReached, excluded } from './decide.ts';
import type { Entry } from './document.ts';
import { entryKindOf } from './entries/index.ts';
import type { Plan } from './plan.ts';
import type { Because, CampaignFacts } from './step.ts';
import { termOf } from './term.ts';

/** Somebody who may enter: by an event (`position` of the entry) or by hand (null). */
export interface Candidate {
  position: number | null;
  eventAt: Date;
  properties: Record<string, unknown>;
  /** The company for which it was chosen: the entry's conditions were asked of whoever brought that. */
  forAccountId?: string | null;
}

/** This lead's earlier enrolments in the campaign, those with the same re-entry key. */
export interface History {
  active: boolean;
  lastEndedAt: Date | null;
}

export type Admission = { admit: true; key: string; because: Because } | { admit: false; because: Because };

/** The re-entry key of a candidate: '' unless the campaign keys by a property. */
export function reentryKey(plan: Plan, candidate: Candidate): string {
  const { reentry } = plan.campaign;
  return typeof reentry === 'object' && 'key' in reentry ? String(candidate.properties[reentry.key] ?? '') : '';
}

/** Whether somebody enters, and why. Pure; a `no` tells the rule that kept them out. */
export function admit(plan: Plan, candidate: Candidate, history: History, facts: CampaignFacts, now: Date): Admission {
  const no = (because: Because): Admission => ({ admit: false, because });
  const entry = candidate.position === null ? null : plan.campaign.entry[candidate.position];
  if (candidate.position !== null && !entry) return no({ rule: 'entry', reason: 'the campaign no longer has this entry' });
  const kind = entry && entryKindOf(entry);
  if (entry && kind?.matches && !kind.matches(entry, candidate.properties)) return no({ rule: 'event' });
  const { end } = termOf(plan.campaign, facts.zone);
  if (end && now >= end) return no({ rule: 'end_date', at: end.toISOString() });
  const wanted = candidate.position === null || candidate.forAccountId ? null : plan.entryIf[candidate.position];
  const found = wanted ? evaluate(wanted, facts) : null;
  if (found && !found.held) return no({ rule: 'entry.if', evidence: found.evidence });
  const out = excluded(plan, facts) ?? exitReached(plan, facts);
  if (out) return no(out);
  const before = mayReenter(plan, history, facts, now, entry && kind?.again?.(entry, plan.campaign.reentry) === true);
  if (before) return no(before);
  return {
    admit: true,
    key: reentryKey(plan, candidate),
    because: { ...cameBy(entry, candidate), ...(found ? { evidence: found.evidence } : {}) },
  };
}

/** What brought somebody in: an event by its name, another campaign, anything else in words. */
function cameBy(entry: Entry | null | undefined, { properties, forAccountId }: Candidate): Because {
  if (!entry) return properties['started'] ? { rule: 'started', ...properties['started'] } : { rule: 'entry', event: 'by hand' };
  const kind = entryKindOf(entry)!;
  if (forAccountId) return { rule: 'entry', reason: `chosen for the company, for which ${kind.words(entry)}` };
  return { rule: 'entry', ...(kind.event ? { event: kind.event(entry) } : { reason: kind.words(entry) }) };
}

/** Why somebody who is in the campaign or was in it may not come in now; null when they may. */
export function mayReenter(
  plan: Plan,
  { active, lastEndedAt }: History,
  facts: CampaignFacts,
  now: Date,
  anotherTime: boolean | null | undefined,
): Because | null {
  const { reentry } = plan.campaign;
  if (active) return { rule: 'reentry', reason: 'is in it already' };
  if (!lastEndedAt || reentry === 'always') return null;
  if (typeof reentry === 'object' && 'after' in reentry) {
    const from = plus(lastEndedAt, reentry.after, facts.zone, facts.calendar);
    return now >= from
      ? null
      : { rule: 'reentry', reason: `was in it; may come again ${reentry.after} after leaving`, from: from.toISOString() };
  }
  return anotherTime ? null : { rule: 'reentry', reason: 'was in it before' };
}

const SCORED = new Set(['fit', 'engagement', 'level', 'score']);

/** Whether an entry's condition speaks of the score, so that a newcomer waits until there is one. */
export const needsScore = (entry: Entry): boolean =>
  entry.if !== undefined &&
  leavesOf(parseCondition(entry.if, { segment: () => ({ fit: { exists: true } }) })).some((leaf) => SCORED.has(leaf.kind));
