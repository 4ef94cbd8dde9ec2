import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../../../domain/campaign/decide.ts';
import { factsAfter } from '../../../../domain/campaign/facts-after.ts';
import { campaign } from '../../../../domain/campaign/document.ts';
import { compile, type Plan } from '../../../../domain/campaign/plan.ts';
import type { CampaignFacts, Effect, SendFact } from '../../../../domain/campaign/step.ts';
import { leafKey, leavesOf } from '../../../../domain/conditions/condition.ts';
import { campaigns } from '../../../support/any-campaign.ts';
import { arrived, facts as factsOf } from '../../../support/deciding.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Later than every date that random campaigns name, so that a pause makes none of them past. */
const START = Date.UTC(2027, 2, 1, 9);
/** A date that everybody waits for. */
const FAR = START + 800 * DAY;

/** How the world is, whatever the time: so that a pause alone cannot change anybody's way. */
const world = fc.record({
  mails: fc.array(fc.constantFrom('accepted', 'accepted', 'failed', 'unknown'), { minLength: 1, maxLength: 4 }),
  answer: fc.constantFrom('accepted', 'rejected', 'offered'),
  resumeInDays: fc.option(fc.nat({ max: 30 })),
  task: fc.constantFrom('open', 'done', 'cancelled'),
  call: fc.constantFrom('done', 'failed'),
  seen: fc.constantFrom('', 'seen', 'won'),
  stage: fc.constantFrom('lead', 'mql'),
  occasion: fc.constantFrom(null, START - 100 * DAY, FAR),
  winner: fc.boolean(),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const pausing = fc.record({
  of: fc.constantFrom('campaign', 'step'),
  overdue: fc.constantFrom('send', 'skip', 'spread'),
  /** Which look of the life without a pause it begins at, as a share; and how long before or after. */
  when: fc.double({ min: 0, max: 0.999, noNaN: true }),
  shiftMs: fc.constantFrom(-1, 0, 1, HOUR),
  lengthMs: fc.constantFrom(HOUR, 3 * DAY, 40 * DAY),
  spreadMs: fc.nat({ max: 2 * HOUR }),
});
interface Pause {
  of: string;
  stepId: string;
  from: number;
  to: number;
  overdue: string;
  spreadMs: number;
}

interface Life {
  looks: { at: number; stepId: string }[];
  passed: string[];
  effects: string[];
  mails: { stepId: string; dueAt: number }[];
  /** Why mails were left out, by step. */
  skipped: Map<string, unknown>;
  ended: unknown;
}

/** One enrolment's whole life as the engine leads it: looks when something is due or wakes it, mails that settle, people who answer; none of it during the pause. */
function live(plan: Plan, w: World, pause: Pause | null): Life {
  const life: Life = { looks: [], passed: [], effects: [], mails: [], skipped: new Map(), ended: null };
  const leaves = [...plan.nodes.values()].flatMap(({ conditions }) => Object.values(conditions).flatMap(leavesOf));
  const seen = [...plan.guardLeaves, ...leaves].filter((leaf) => leaf.kind === 'event' && leaf.event === w.seen);
  const begun = new Date(START);
  let known: CampaignFacts = factsOf({
    counted: new Map(seen.map((leaf) => [leafKey(leaf), { count: 1, firstAt: begun, lastAt: begun }])),
    stage: w.stage,
    dates: w.occasion === null ? {} : { 'occasion.starts_at': new Date(w.occasion) },
    winners: w.winner ? new Proxy({}, { get: () => 'b' }) : {},
  });
  const within = (at: number): boolean => pause !== null && pause.from <= at && at < pause.to;
  const happens: { at: number; known: Partial<CampaignFacts> }[] = pause ? [{ at: pause.to, known: {} }] : [];
  let enrolment = arrived(plan, begun.toISOString(), { entry: { on: '2026-03-11' } });
  let due = START;

  function follow(effect: Effect & { stepId: string }, now: number): void {
    if (effect.kind === 'send') {
      life.mails.push({ stepId: effect.stepId, dueAt: effect.dueAt.getTime() });
      const held = within(effect.dueAt.getTime()) && (pause!.of === 'campaign' || pause!.stepId === effect.stepId);
      const at = held ? pause!.to : effect.dueAt.getTime();
      const left = held && pause!.of === 'campaign' && pause!.overdue === 'skip';
      const state = left ? 'cancelled' : (w.mails[Number(effect.stepId.slice(1)) % w.mails.length] as SendFact['state']);
      const when = new Date(at);
      const reason = left ? 'paused' : null;
      const settledAt = state === 'unknown' ? null : when;
      const send = { sendKey: effect.sendKey, state, settledAt, unknownAt: when, reason, dueAt: effect.dueAt };
      happens.push({ at, known: { send } });
    }
    if (effect.kind === 'handoff') {
      const opportunity = { id: 'o', state: 'offered', rejectedReason: null, resumeAt: null };
      const resumeAt = w.resumeInDays === null ? null : new Date(now + w.resumeInDays * DAY).toISOString();
      const reason = w.answer === 'rejected' ? 'junk' : null;
      happens.push({ at: now + MINUTE, known: { opportunity } });
      const [at, state] = w.answer === 'offered' ? [now + 100 * DAY, 'lost'] : [now + 10 * MINUTE, w.answer];
      happens.push({ at, known: { opportunity: { id: 'o', state, rejectedReason: reason, resumeAt } } });
    }
    if (effect.kind === 'task') {
      const task = { state: 'open' as const, outcome: null, createdAt: new Date(now), closedAt: null };
      happens.push({ at: now + MINUTE, known: { task } });
      const [at, state] = [now + 10 * MINUTE, w.task as 'done'];
      if (w.task !== 'open')
        happens.push({ at, known: { task: { ...task, state, outcome: state === 'done' ? 'refused' : null, closedAt: new Date(at) } } });
    }
    if (effect.kind === 'call') {
      const at = now + 5 * MINUTE;
      const call = { state: w.call as 'done', status: 200, reason: null, settledAt: new Date(at), attempts: 1 };
      happens.push({ at, known: { call } });
    }
  }

  for (let now = START, n = 0; n < 3_000; n++) {
    const next = Math.min(due, ...happens.map(({ at }) => at));
    const late = pause?.of === 'campaign' && within(next);
    now = Math.max(now, late ? pause.to + (pause.overdue === 'spread' ? pause.spreadMs : 0) : next);
    happens.sort((a, b) => a.at - b.at);
    while (happens[0] && happens[0].at <= now) known = { ...known, ...happens.shift()!.known };
    const skipBefore = pause?.of === 'campaign' && pause.overdue === 'skip' && now >= pause.to ? new Date(pause.to) : null;
    const pausedSteps = new Set(pause?.of === 'step' && within(now) ? [pause.stepId] : []);
    life.looks.push({ at: now, stepId: enrolment.stepId });
    const decision = decide(plan, enrolment, { ...known, skipBefore, pausedSteps }, new Date(now));
    for (const effect of decision.effects) {
      life.effects.push(`${effect.stepId} ${effect.kind}`);
      known = factsAfter(known, effect);
      follow(effect, now);
    }
    for (const { kind, stepId, because } of decision.journal) {
      if (kind === 'stepped') life.passed.push(stepId);
      if (because['skipped'] !== undefined) life.skipped.set(stepId, because['skipped']);
    }
    expect(decision.position.arrivedAt >= enrolment.arrivedAt).toBe(true);
    if (decision.ended) return { ...life, ended: decision.ended };
    enrolment = { ...enrolment, ...decision.position, goalAt: decision.goalAt, seq: enrolment.seq + 1 };
    due = decision.dueAt!.getTime();
  }
  return expect.fail('still under way after 3000 looks');
}

test('a pause of the campaign or of a step, at any point: every step is passed once and in the same order, no mail is lost or asked for twice', () => {
  fc.assert(
    fc.property(campaigns, world, pausing, (document, w, p) => {
      const plan = compile(campaign.parse(document), { segment: () => undefined });
      const life = live(plan, w, null);
      const before = life.looks.filter(({ at }) => at < FAR - 60 * DAY);
      const { at, stepId } = before[Math.floor(p.when * before.length)]!;
      const from = at + p.shiftMs;
      const pause: Pause = { of: p.of, stepId, from, to: from + p.lengthMs, overdue: p.overdue, spreadMs: p.spreadMs };
      const paused = live(plan, w, pause);

      expect(paused.passed).toEqual(life.passed);
      expect(paused.ended).toEqual(life.ended);
      expect(new Set(paused.effects).size).toBe(paused.effects.length);
      const missing = life.effects.filter((effect) => !paused.effects.includes(effect));
      expect(paused.effects).toEqual(life.effects.filter((effect) => !missing.includes(effect)));
      const skips = p.of === 'campaign' && p.overdue === 'skip';
      for (const effect of missing) {
        const [step, kind] = effect.split(' ');
        expect(kind).toBe('send');
        expect(paused.skipped.get(step!)).toBe(
          paused.skipped.get(step!) === 'too late' || !skips ? 'too late' : 'fell due while the campaign was paused',
        );
      }
      const [first] = missing;
      if (skips && first && paused.skipped.get(first.split(' ')[0]!) !== 'too late') {
        const mail = life.mails.find(({ stepId: of }) => first.startsWith(`${of} `))!;
        expect(mail.dueAt).toBeGreaterThanOrEqual(pause.from);
        expect(mail.dueAt).toBeLessThanOrEqual(pause.to);
      }
    }),
    { numRuns: 300 },
  );
});
