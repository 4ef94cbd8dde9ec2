import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../../../domain/campaign/decide.ts';
import { compile } from '../../../../domain/campaign/plan.ts';
import type { CampaignFacts, EnrolmentView, SendFact } from '../../../../domain/campaign/step.ts';
import { leafKey } from '../../../../domain/conditions/condition.ts';
import { backAt } from '../../../../domain/sequences/away.ts';
import { stopRules } from '../../../../domain/sequences/rules.ts';
import { asCampaign, sequence } from '../../../../domain/sequences/document.ts';
import { arrived, facts } from '../../../support/deciding.ts';

const HOUR = 3_600_000;
const START = new Date('2026-03-02T09:00:00Z');

const step = fc.constantFrom(
  { mail: { subject: 'Hello', text: 'Hello' } },
  { mail: { text: 'Again', mode: 'draft' } },
  { mail: { subject: 'Anew', text: 'Anew', thread: 'new', anytime: true } },
  { wait: '3bd' },
  { wait: { until: '10:00' } },
  { task: { to: 'owner', timeout: '5bd' } },
) as fc.Arbitrary<object>;

const plans = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 8 }).map((list) => list.map((one, n) => ({ id: `s${n}`, ...one }))),
    mode: fc.constantFrom('auto', 'draft'),
    stopOn: fc.subarray([...stopRules]),
  })
  .map((rest) => compile(asCampaign(sequence.parse({ key: 'k', name: 'K', ...rest })), { segment: () => undefined }));

/** What the world does at each look. */
const world = fc.record({
  mail: fc.constantFrom('accepted', 'failed', 'queued', 'unknown'),
  draft: fc.constantFrom('open', 'sent', 'skipped'),
  task: fc.constantFrom('open', 'done'),
  away: fc.option(fc.constantFrom(null, '2026-03-13', '2026-04-02'), { freq: 3, nil: undefined }),
  paused: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
  event: fc.integer({ min: 0, max: 200 }),
  lateHours: fc.nat({ max: 100 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
const kind: World = { mail: 'accepted', draft: 'sent', task: 'done', away: undefined, paused: false, event: 200, lateHours: 0 };

function known(w: World, { waiting, arrivedAt }: EnrolmentView, now: Date): CampaignFacts {
  const of = (what: string): string | null => (waiting?.startsWith(`${what}:`) ? waiting.slice(what.length + 1) : null);
  const sendKey = of('send');
  return facts({
    send: sendKey
      ? { sendKey, state: w.mail as SendFact['state'], settledAt: now, unknownAt: arrivedAt, reason: null, dueAt: arrivedAt }
      : null,
    draft: of('draft') ? { state: w.draft as 'open' } : null,
    task: of('task') ? { state: w.task as 'open', outcome: w.task === 'done' ? 'done' : null, createdAt: arrivedAt, closedAt: now } : null,
    away: w.away === undefined ? null : { returns: w.away, at: START },
  });
}

test('whatever happens a run ends; what ends it ends it at once and without a letter; nobody is asked twice, and nobody while they are away', () => {
  fc.assert(
    fc.property(plans, fc.array(world, { minLength: 1, maxLength: 20 }), (plan, worlds) => {
      let now = START;
      let run = arrived(plan, START.toISOString());
      const asked = new Set<string>();
      for (let look = 0; look < 1_000; look++) {
        const w = worlds[look] ?? kind;
        const seen = known(w, run, now);
        const stop = plan.stops[w.event];
        if (stop) seen.counted = new Map([[leafKey(stop.leaf), { count: 1, firstAt: now, lastAt: now }]]);
        const decision = decide(plan, { ...run, pausedAt: w.paused ? now : null }, seen, now);
        if (stop) {
          expect(decision.ended).toMatchObject({ state: 'exited', reason: stop.on });
          expect(decision.effects).toEqual([]);
          return;
        }
        if (w.paused) expect(decision.effects).toEqual([]);
        const back = backAt(seen);
        if (back && now < back) expect(decision.effects).toEqual([]);
        for (const { stepId } of decision.effects) {
          expect(asked.has(stepId)).toBe(false);
          asked.add(stepId);
        }
        if (decision.ended) return;
        expect(decision.dueAt).not.toBeNull();
        run = { ...run, ...decision.position, seq: run.seq + 1 };
        now = new Date(Math.max(now.getTime(), decision.dueAt!.getTime()) + w.lateHours * HOUR);
      }
      expect.fail('still under way after 1000 looks');
    }),
    { numRuns: 300 },
  );
});

test('whoever is back on a Friday is written to on the Monday after, in the morning of their own zone; without a date after a week', () => {
  const at = new Date('2026-03-02T15:00:00Z');
  const back = (returns: string | null, zone: string) => backAt(facts({ away: { returns, at }, zone }))!.toISOString();
  expect(back('2026-03-13', 'Europe/Berlin')).toBe('2026-03-16T08:00:00.000Z');
  expect(back('2026-03-27', 'Europe/Berlin')).toBe('2026-03-30T07:00:00.000Z'); // summer has begun
  expect(back('2026-03-13', 'Asia/Shanghai')).toBe('2026-03-16T01:00:00.000Z');
  expect(back(null, 'Europe/Berlin')).toBe('2026-03-09T15:00:00.000Z');
});
