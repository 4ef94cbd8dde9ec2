import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainCalendar } from '../../../../domain/calendar/calendar.ts';
import { decide } from '../../../../domain/campaign/decide.ts';
import { campaign } from '../../../../domain/campaign/document.ts';
import { compile, type Plan } from '../../../../domain/campaign/plan.ts';
import type { CampaignFacts, EnrolmentView, SendFact } from '../../../../domain/campaign/step.ts';
import { leafKey, type Leaf } from '../../../../domain/conditions/condition.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2, 9);

/** Random trees of every kind of step; ids are given afterwards, so that they are unique. */
const { list } = fc.letrec<{ list: object[]; step: object }>((tie) => ({
  list: fc.array(tie('step'), { maxLength: 3 }),
  step: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ send: fc.constantFrom('welcome', 'nudge') }),
    fc.record({ wait: fc.constantFrom('15m', '4h', '2d', '3bd', '1w') }),
    fc.record({ exit: fc.constant('enough') }),
    fc.record({ handoff: fc.constant({}) }),
    fc.record({
      branch: fc.array(fc.record({ when: fc.constantFrom({ stage: 'mql' }, { event: 'seen', in: '7d' }), steps: tie('list') }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.record({
      waitFor: fc.constantFrom({ event: 'seen', timeout: '2d' }, { event: 'seen', timeout: '1w', since: 'step' }),
      then: tie('list'),
      onTimeout: tie('list'),
    }),
    fc.record({
      handoff: fc.record({
        onAccepted: tie('list'),
        onRejected: fc.record({ junk: tie('list') }),
        timeout: fc.record({ after: fc.constant('5d'), steps: tie('list') }),
      }),
    }),
  ),
}));

function named(steps: object[], counter = { n: 0 }): object[] {
  const name = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(name);
    if (typeof value !== 'object' || value === null) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, name(part)]));
    return ['send', 'wait', 'exit', 'handoff', 'branch', 'waitFor'].some((key) => key in value && !('id' in value)) &&
      !('event' in value && 'timeout' in value)
      ? { id: `s${counter.n++}`, ...inner }
      : inner;
  };
  return name(steps) as object[];
}

const plans = list
  .filter((steps) => steps.length > 0)
  .map((steps): Plan =>
    compile(campaign.parse({ key: 'k', name: 'K', class: 'transactional', entry: { event: 'in' }, steps: named(steps) }), {
      segment: () => undefined,
    }),
  );

/** What the world does at each look: the mail's fate, the answer of sales, whether the event has been seen, and how late we look. */
const world = fc.record({
  mail: fc.constantFrom('accepted', 'failed', 'cancelled', 'suppressed', 'unknown', 'queued'),
  answer: fc.constantFrom('accepted', 'rejected', 'offered'),
  seen: fc.boolean(),
  stage: fc.constantFrom('lead', 'mql'),
  lateHours: fc.nat({ max: 200 }),
});

function factsOf(
  plan: Plan,
  enrolment: EnrolmentView,
  w: { mail: string; answer: string; seen: boolean; stage: string },
  now: Date,
): CampaignFacts {
  const leaves = [...plan.nodes.values()].flatMap(({ conditions }) =>
    Object.values(conditions).flatMap((one) => ('leaf' in one ? [one.leaf] : [])),
  );
  const counted = new Map(
    w.seen
      ? leaves
          .filter((leaf): leaf is Leaf & { kind: 'event' } => leaf.kind === 'event')
          .map((leaf) => [leafKey(leaf), { count: 1, firstAt: now, lastAt: now }])
      : [],
  );
  const waiting = enrolment.waiting?.startsWith('send:') ? enrolment.waiting.slice(5) : null;
  const send: SendFact | null = waiting
    ? { sendKey: waiting, state: w.mail as SendFact['state'], settledAt: now, unknownAt: enrolment.arrivedAt, reason: null }
    : null;
  return {
    lead: {},
    account: null,
    stage: w.stage,
    tags: [],
    fit: 'B',
    engagement: 10,
    level: 'cold',
    consents: {},
    campaigns: {},
    counted,
    zone: 'Europe/Berlin',
    calendar: plainCalendar,
    hasEmail: true,
    withSales: false,
    send,
    opportunity: { id: 'o', state: w.answer, rejectedReason: w.answer === 'rejected' ? 'junk' : null },
    skipBefore: null,
  };
}

test('whatever happens, every campaign ends: nobody is stranded, no mail is queued twice, every step is passed by a way it has', () => {
  fc.assert(
    fc.property(plans, fc.array(world, { minLength: 1, maxLength: 20 }), (plan, worlds) => {
      let now = new Date(START);
      let enrolment: EnrolmentView = {
        id: 'e',
        leadId: 'l',
        stepId: plan.first!,
        arrivedAt: now,
        enteredAt: now,
        waiting: null,
        goalAt: null,
        seq: 0,
        entry: {},
        test: false,
      };
      const queued = new Set<string>();
      for (let look = 0; look < 400; look++) {
        // After the random worlds comes a kind one, in which mails arrive and sales answers.
        const w = worlds[look] ?? { mail: 'accepted', answer: 'accepted', seen: true, stage: 'lead', lateHours: 0 };
        const decision = decide(plan, enrolment, factsOf(plan, enrolment, w, now), now);
        for (const effect of decision.effects) {
          if (effect.kind !== 'send') continue;
          expect(queued.has(effect.sendKey)).toBe(false);
          queued.add(effect.sendKey);
        }
        if (decision.ended) {
          expect(decision.dueAt).toBeNull();
          return;
        }
        expect(decision.dueAt).not.toBeNull();
        expect(plan.nodes.has(decision.position.stepId)).toBe(true);
        enrolment = { ...enrolment, ...decision.position, goalAt: decision.goalAt, seq: enrolment.seq + 1 };
        now = new Date(Math.max(now.getTime(), decision.dueAt!.getTime()) + w.lateHours * HOUR);
      }
      expect.fail('still under way after 400 looks');
    }),
    { numRuns: 400 },
  );
});

test('a decision is a function of what it is given: the same twice', () => {
  fc.assert(
    fc.property(plans, world, (plan, w) => {
      const now = new Date(START + w.lateHours * HOUR);
      const at = new Date(START);
      const enrolment: EnrolmentView = {
        id: 'e',
        leadId: 'l',
        stepId: plan.first!,
        arrivedAt: at,
        enteredAt: at,
        waiting: null,
        goalAt: null,
        seq: 0,
        entry: {},
        test: false,
      };
      const facts = factsOf(plan, enrolment, w, now);
      expect(decide(plan, enrolment, facts, now)).toEqual(decide(plan, enrolment, facts, now));
    }),
    { numRuns: 200 },
  );
});
