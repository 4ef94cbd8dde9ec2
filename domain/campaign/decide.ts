import { plus } from '../calendar/duration.ts';
import { leafKey } from '../conditions/condition.ts';
import { evaluate } from '../conditions/evaluate.ts';
import { backAt } from '../sequences/away.ts';
import { byTheirCalendar } from '../sequences/reader.ts';
import { factsAfter } from './facts-after.ts';
import { withoutEffects } from './holdout.ts';
import { horizonOf, type Plan } from './plan.ts';
import type { Because, CampaignFacts, DecidedEffect, EnrolmentView, Position } from './step.ts';
import { termOf } from './term.ts';

/** One thing that was decided, for the journal. */
export interface JournalLine {
  kind: 'entered' | 'stepped' | 'stayed' | 'goal' | 'exited' | 'completed';
  stepId: string;
  because: Because;
}

/** What becomes of an enrolment in one look. While it stays active `dueAt` is the next look; ended, it is null. */
export interface Decision {
  position: Position;
  dueAt: Date | null;
  ended: { state: 'completed' | 'goal' | 'exited'; reason: string | null } | null;
  goalAt: Date | null;
  effects: DecidedEffect[];
  journal: JournalLine[];
}

/** Who stands on a paused step is looked at this often; resuming it wakes them at once. */
const PAUSED_LOOK = '30d';

/**
 * What happens to one enrolment now: the guards first (`exitWhen`, `goal`), then step after step until one says stay. It goes
 * no further than `horizonOf` the step it stands on, since facts were loaded so far; there it asks to be looked at again at once.
 * Pure: the engine, the simulator and the version diff all call this.
 */
export function decide(plan: Plan, enrolment: EnrolmentView, known: CampaignFacts, now: Date): Decision {
  let facts = plan.campaign.sequence ? byTheirCalendar(known) : known;
  const horizon = horizonOf(plan, enrolment.stepId);
  const decision: Decision = {
    position: { stepId: enrolment.stepId, arrivedAt: enrolment.arrivedAt, waiting: enrolment.waiting },
    dueAt: null,
    ended: null,
    goalAt: enrolment.goalAt,
    effects: [],
    journal: [],
  };
  const end = (state: 'completed' | 'goal' | 'exited', reason: string | null, because: Because): Decision => {
    decision.journal.push({ kind: state === 'exited' ? 'exited' : 'completed', stepId: decision.position.stepId, because });
    decision.ended = { state, reason };
    decision.position.waiting = null;
    return decision;
  };

  if (facts.stopped) {
    const because = { rule: 'stopped', ...facts.stopped };
    return end('exited', because.rule, because);
  }
  const stop = stopReached(plan, facts);
  if (stop) return end('exited', String(stop['on']), stop);
  const exit = exitReached(plan, facts);
  if (exit) return end('exited', 'exitWhen', exit);
  const term = termOf(plan.campaign, facts.zone);
  const leavesBy = plan.campaign.onEnd === 'exit' ? term.end : null;
  if (leavesBy && now >= leavesBy) return end('exited', 'ended', { rule: 'end_date', at: leavesBy.toISOString() });
  const stay = (until: Date, waiting: string | null, because: Because): Decision => {
    const { position } = decision;
    if (arrived || waiting !== position.waiting) decision.journal.push({ kind: 'stayed', stepId: position.stepId, because });
    position.waiting = waiting;
    return { ...decision, dueAt: leavesBy && leavesBy < until ? leavesBy : until };
  };
  let arrived = false;
  if (enrolment.pausedAt) return stay(plus(now, PAUSED_LOOK), enrolment.waiting, { rule: 'run_paused' });
  const goal = decision.goalAt === null ? goalReached(plan, enrolment, facts) : null;
  if (goal && plan.goal) {
    decision.goalAt = now;
    decision.journal.push({ kind: 'goal', stepId: enrolment.stepId, because: goal });
    if (plan.goal.first === null) return end('goal', null, goal);
    decision.position = { stepId: plan.goal.first, arrivedAt: now, waiting: null };
    arrived = true;
  }

  if (term.start && now < term.start) return stay(term.start, 'start', { rule: 'start', until: term.start.toISOString() });
  if (term.start && decision.position.arrivedAt < term.start)
    decision.position = { ...decision.position, arrivedAt: term.start, waiting: null };

  for (;;) {
    const { position } = decision;
    const node = plan.nodes.get(position.stepId);
    if (!node) return end('exited', 'step_missing', { rule: 'step_missing' });
    if (!horizon.has(node.id)) return { ...decision, dueAt: now };

    if (facts.pausedSteps?.has(node.id)) return stay(plus(now, PAUSED_LOOK), position.waiting ?? 'step_paused', { rule: 'step_paused' });

    const back = node.kind.needsReader && (position.waiting === null || position.waiting === AWAY) ? backAt(facts) : null;
    if (back && now < back) return stay(back, AWAY, { rule: 'away', returns: facts.away!.returns, until: back.toISOString() });

    const decided = node.kind.decide({
      step: node.step,
      enrolment: { ...enrolment, ...position },
      facts,
      campaign: plan.campaign,
      conditions: node.conditions,
      now,
    });
    const outcome = enrolment.holdout ? withoutEffects(decided) : decided;
    for (const effect of outcome.effects ?? []) {
      decision.effects.push({ ...effect, stepId: node.id });
      facts = factsAfter(facts, effect);
    }
    if ('exit' in outcome) return end('exited', outcome.exit, outcome.because);
    if ('stay' in outcome && outcome.since) position.arrivedAt = outcome.since;
    if ('stay' in outcome) return stay(outcome.stay, outcome.waiting ?? null, outcome.because);
    decision.journal.push({ kind: 'stepped', stepId: node.id, because: outcome.because });
    const next = node.ways[outcome.go];
    if (next === undefined) throw new Error(`step '${node.id}' has no way '${outcome.go}'`);
    if (next === null) return end(decision.goalAt ? 'goal' : 'completed', null, { rule: 'end' });
    // Nobody comes on before they came here, though what let them go on was over by then.
    const at = outcome.at ?? now;
    decision.position = { stepId: next, arrivedAt: at < position.arrivedAt ? position.arrivedAt : at, waiting: null };
    arrived = true;
  }
}

/** Waits for somebody who is out of the office. */
const AWAY = 'away';

/** What ends a run of a sequence, and since when that is so; null: nothing does. */
export function stopReached(plan: Plan, facts: CampaignFacts): Because | null {
  for (const { on, event, leaf } of plan.stops) {
    const first = facts.counted.get(leafKey(leaf))?.firstAt;
    if (first) return { rule: 'stop_on', on, event, at: first.toISOString() };
  }
  return null;
}

/** Why `exitWhen` holds, or null. */
export function exitReached(plan: Plan, facts: CampaignFacts): Because | null {
  if (!plan.exitWhen) return null;
  const { held, evidence } = evaluate(plan.exitWhen, facts);
  return held ? { rule: 'exitWhen', evidence } : null;
}

/** Why the goal counts as reached, or null: its event after entry, within the time the campaign allows. */
export function goalReached(plan: Plan, enrolment: Pick<EnrolmentView, 'enteredAt'>, facts: CampaignFacts): Because | null {
  if (!plan.goal) return null;
  const first = facts.counted.get(leafKey(plan.goal.leaf))?.firstAt;
  const { within } = plan.campaign.goal!;
  if (!first || (within && first > plus(enrolment.enteredAt, within, facts.zone, facts.calendar))) return null;
  return { rule: 'goal', event: plan.campaign.goal!.event, at: first.toISOString() };
}

/** Why no mail of this campaign may leave for this lead at all, or null: it is in an excluded segment. */
export function excluded(plan: Plan, facts: CampaignFacts): Because | null {
  for (const { segment, condition } of plan.exclude) {
    const { held, evidence } = evaluate(condition, facts);
    if (held) return { rule: 'exclude', segment, evidence };
  }
  return null;
}
