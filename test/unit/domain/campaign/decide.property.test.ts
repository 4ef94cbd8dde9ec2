import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type Decision } from '../../../../domain/campaign/decide.ts';
import { campaign } from '../../../../domain/campaign/document.ts';
import { lint } from '../../../../domain/campaign/lint.ts';
import type { Plan } from '../../../../domain/campaign/plan.ts';
import type { CampaignFacts, EnrolmentView, SendFact } from '../../../../domain/campaign/step.ts';
import type { Turn, Turns } from '../../../../domain/campaign/turn.ts';
import { stepKinds } from '../../../../domain/campaign/steps/index.ts';
import { leafKey, leavesOf } from '../../../../domain/conditions/condition.ts';
import { campaigns, plans } from '../../../support/any-campaign.ts';
import { arrived, facts } from '../../../support/deciding.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2, 9);

/** What the world does at each look: what came of what was asked for, what has been seen, where the dates stand, and how late we look. */
const world = fc.record({
  mail: fc.constantFrom('accepted', 'failed', 'cancelled', 'suppressed', 'unknown', 'queued'),
  answer: fc.constantFrom('accepted', 'rejected', 'offered'),
  task: fc.constantFrom('open', 'done', 'cancelled', 'gone'),
  call: fc.constantFrom('queued', 'done', 'failed', 'cancelled'),
  seen: fc.constantFrom('', 'seen', 'won'),
  stage: fc.constantFrom('lead', 'mql', 'customer'),
  dateIn: fc.option(fc.integer({ min: -48, max: 300 }), { freq: 4 }),
  winner: fc.boolean(),
  turn: fc.constantFrom('none', 'none', 'held', 'placed', 'dropped'),
  paused: fc.integer({ min: 0, max: 8 }).map((n) => n === 8),
  stopped: fc.integer({ min: 0, max: 20 }).map((n) => n === 20),
  lateHours: fc.nat({ max: 200 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** After the random worlds comes a kind one, in which everything asked for is done. */
const kindWorld: World = {
  mail: 'accepted',
  answer: 'accepted',
  task: 'done',
  call: 'done',
  seen: 'seen',
  stage: 'lead',
  dateIn: 0,
  winner: false,
  turn: 'none',
  paused: false,
  stopped: false,
  lateHours: 0,
};

/** What the sending rules say of whatever mail is asked about. */
function turnsOf({ turn }: World, now: Date): Turns {
  const later = new Date(now.getTime() + 5 * HOUR);
  const said: Record<string, Turn> = {
    held: { as: 'held', held: { by: 'lead_paused' }, until: later },
    placed: { as: 'placed', at: later, rate: '500/h' },
    dropped: { as: 'dropped', reason: 'account_limit' },
  };
  return { get: () => said[turn] } as unknown as Turns;
}

function factsOf(plan: Plan, { waiting, arrivedAt, stepId }: EnrolmentView, w: World, now: Date): CampaignFacts {
  const leaves = [
    ...plan.guardLeaves,
    ...[...plan.nodes.values()].flatMap(({ conditions }) => Object.values(conditions).flatMap(leavesOf)),
  ];
  const seen = leaves.filter((leaf) => leaf.kind === 'event' && leaf.event === w.seen);
  const awaited = (kind: string): string | null => (waiting?.startsWith(`${kind}:`) ? waiting.slice(kind.length + 1) : null);
  const sendKey = awaited('send');
  const moment = w.dateIn === null ? null : new Date(START + w.dateIn * HOUR);
  const done = w.task === 'done';
  return facts({
    counted: new Map(seen.map((leaf) => [leafKey(leaf), { count: 1, firstAt: now, lastAt: now }])),
    stage: w.stage,
    lead: moment ? { renewal: moment.toISOString() } : {},
    dates: moment ? { 'occasion.starts_at': moment } : {},
    send: sendKey
      ? { sendKey, state: w.mail as SendFact['state'], settledAt: now, unknownAt: arrivedAt, reason: null, dueAt: arrivedAt }
      : null,
    opportunity: {
      id: 'o',
      state: w.answer,
      rejectedReason: w.answer === 'rejected' ? 'junk' : null,
      resumeAt: moment?.toISOString() ?? null,
    },
    task:
      awaited('task') && w.task !== 'gone'
        ? { state: w.task as 'open', outcome: done ? 'refused' : null, createdAt: arrivedAt, closedAt: w.task === 'open' ? null : now }
        : null,
    call: awaited('call') ? { state: w.call as 'done', status: 200, reason: null, settledAt: now, attempts: 1 } : null,
    winners: w.winner ? new Proxy({}, { get: () => 'b' }) : {},
    turns: turnsOf(w, now),
    ...(w.paused ? { pausedSteps: new Set([stepId]) } : {}),
    ...(w.stopped ? { stopped: { by: 'other' } } : {}),
  });
}

const begun = (plan: Plan, at: Date): EnrolmentView => arrived(plan, at.toISOString(), { entry: { on: '2026-03-11' } });

/** Every step that was passed is left by a way it has: to the next step of the journal, or to where the enrolment stands. */
function followsWays(plan: Plan, { journal, position, ended }: Decision): void {
  journal.forEach((line, i) => {
    if (line.kind !== 'stepped') return;
    const next = journal[i + 1];
    const to = ended && next && i + 2 === journal.length && next.because.rule === 'end' ? null : (next?.stepId ?? position.stepId);
    expect(Object.values(plan.nodes.get(line.stepId)!.ways)).toContain(to);
  });
}

test('whatever happens, every campaign ends: nobody is stranded, nothing is asked for twice, every step is left by a way it has', () => {
  const passed = new Set<string>();
  fc.assert(
    fc.property(plans, fc.array(world, { minLength: 1, maxLength: 20 }), (plan, worlds) => {
      let now = new Date(START);
      let enrolment = begun(plan, now);
      const asked = new Set<string>();
      for (let look = 0; look < 2_000; look++) {
        const w = worlds[look] ?? kindWorld;
        const decision = decide(plan, enrolment, factsOf(plan, enrolment, w, now), now);
        followsWays(plan, decision);
        for (const { stepId, kind } of decision.effects) {
          expect(asked.has(`${stepId}/${kind}`)).toBe(false);
          asked.add(`${stepId}/${kind}`);
          passed.add(kind);
        }
        for (const { kind, stepId } of decision.journal) if (kind === 'stepped') passed.add(plan.nodes.get(stepId)!.kind.kind);
        if (decision.ended) {
          expect(decision.dueAt).toBeNull();
          return;
        }
        expect(decision.dueAt).not.toBeNull();
        expect(plan.nodes.has(decision.position.stepId)).toBe(true);
        enrolment = { ...enrolment, ...decision.position, goalAt: decision.goalAt, seq: enrolment.seq + 1 };
        now = new Date(Math.max(now.getTime(), decision.dueAt!.getTime()) + w.lateHours * HOUR);
      }
      expect.fail('still under way after 2000 looks');
    }),
    { numRuns: 300 },
  );
  // None was left out by chance: what every kind does was seen.
  expect([...passed]).toEqual(
    expect.arrayContaining(
      stepKinds
        .filter(({ of }) => of !== 'sequence')
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'exit'),
    ),
  );
});

test('who is held out comes to an end too, and no step has an effect', () => {
  fc.assert(
    fc.property(plans, fc.array(world, { minLength: 1, maxLength: 20 }), (plan, worlds) => {
      let now = new Date(START);
      let enrolment: EnrolmentView = { ...begun(plan, now), holdout: true };
      for (let look = 0; look < 2_000; look++) {
        const w = worlds[look] ?? kindWorld;
        const decision = decide(plan, enrolment, factsOf(plan, enrolment, w, now), now);
        expect(decision.effects).toEqual([]);
        followsWays(plan, decision);
        if (decision.ended) return;
        enrolment = { ...enrolment, ...decision.position, goalAt: decision.goalAt, seq: enrolment.seq + 1 };
        now = new Date(Math.max(now.getTime(), decision.dueAt!.getTime()) + w.lateHours * HOUR);
      }
      expect.fail('still under way after 2000 looks');
    }),
    { numRuns: 150 },
  );
});

test('a decision is a function of what it is given: the same twice', () => {
  fc.assert(
    fc.property(plans, world, (plan, w) => {
      const now = new Date(START + w.lateHours * HOUR);
      const enrolment = begun(plan, new Date(START));
      const known = factsOf(plan, enrolment, w, now);
      expect(decide(plan, enrolment, known, now)).toEqual(decide(plan, enrolment, known, now));
    }),
    { numRuns: 100 },
  );
});

test('a document as it is stored is a document again, and says the same', () => {
  fc.assert(
    fc.property(campaigns, (document) => {
      const stored = JSON.parse(JSON.stringify(campaign.parse(document))) as unknown;
      expect(JSON.parse(JSON.stringify(campaign.parse(stored)))).toEqual(stored);
      const around = { segment: () => undefined, hasTemplate: () => true, hasPool: () => true, hasTopic: () => true };
      expect(lint(stored, around)).toEqual(lint(document, around));
    }),
    { numRuns: 100 },
  );
});
