import { expect, test } from 'vitest';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const plan = planOf([
  {
    id: 'hot',
    handoff: {
      onAccepted: [{ id: 'theirs', exit: 'with sales' }],
      onRejected: {
        not_now: { resumeOn: 'date', steps: [{ id: 'again', wait: '1d' }] },
        later: { resumeOn: '30d' },
        junk: 'disqualify',
        other: [{ id: 'o', wait: '1d' }],
      },
      timeout: { after: '5d', steps: [{ id: 'late', wait: '1d' }] },
    },
  },
  { id: 'after', wait: '1d' },
]);
const waiting = look(plan, arrived(plan, came), {}, came);
const answered = (state: string, rejectedReason: string | null = null, resumeAt: string | null = null) => ({
  opportunity: { id: 'o', state, rejectedReason, resumeAt },
});
const now = '2026-03-03T09:00:00Z';
const after = (...answer: Parameters<typeof answered>) => look(plan, waiting.enrolment, answered(...answer), now);

test('with arms it waits for the answer; each answer has its way', () => {
  expect(waiting.decision).toMatchObject({
    dueAt: new Date('2026-03-07T09:00:00Z'),
    position: { waiting: 'opportunity' },
    effects: [{ kind: 'handoff' }],
  });
  expect(after('offered').decision.position.waiting).toBe('opportunity');
  expect(after('accepted').decision.ended?.reason).toBe('with sales');
  expect(after('rejected', 'other').enrolment.stepId).toBe('o');
  expect(after('rejected', 'unheard').enrolment.stepId).toBe('after');
  expect(look(plan, waiting.enrolment, answered('offered'), '2026-03-07T09:00:00Z').enrolment.stepId).toBe('late');
});

test('the campaign came late to ask them, as after a pause: sales have their time all the same', () => {
  const asked = look(plan, arrived(plan, '2026-02-02T09:00:00Z'), {}, came);
  const offered = look(plan, asked.enrolment, answered('offered'), '2026-03-02T09:01:00Z');
  expect(offered.decision).toMatchObject({ dueAt: new Date('2026-03-07T09:00:00Z'), position: { stepId: 'hot', waiting: 'opportunity' } });
  expect(look(plan, offered.enrolment, answered('accepted'), now).decision.ended?.reason).toBe('with sales');
});

test('disqualified, the stage says so and the campaign ends', () => {
  const { decision } = after('rejected', 'junk');
  expect(decision.ended).toEqual({ state: 'exited', reason: 'disqualified' });
  expect(decision.effects).toMatchObject([{ kind: 'update', move: 'disqualified' }]);
});

test('not now: it goes on when the date comes that sales named, whatever becomes of the opportunity meanwhile', () => {
  const named = after('recycled', 'not_now', '2026-04-01T07:00:00Z');
  expect(named.decision).toMatchObject({
    dueAt: new Date('2026-04-01T07:00:00Z'),
    position: { waiting: 'resume:not_now:2026-04-01T07:00:00.000Z' },
  });
  expect(ruleWords(named.last)).toBe('sales answered: recycled (not_now), goes on 1 April 2026, 07:00 UTC');
  const early = look(plan, named.enrolment, answered('queued'), '2026-03-20T09:00:00Z');
  expect(early.decision.dueAt).toEqual(new Date('2026-04-01T07:00:00Z'));
  const then = look(plan, named.enrolment, answered('queued'), '2026-04-01T07:00:00Z');
  expect(then.enrolment).toMatchObject({ stepId: 'again', arrivedAt: new Date('2026-04-01T07:00:00Z') });

  expect(after('recycled', 'not_now').enrolment.stepId).toBe('again');
  expect(after('rejected', 'later').decision.dueAt).toEqual(new Date('2026-04-02T08:00:00Z'));
});
