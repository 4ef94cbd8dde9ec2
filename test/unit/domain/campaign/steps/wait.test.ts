import { expect, test } from 'vitest';
import { campaign } from '../../../../../domain/campaign/document.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

test('a duration counts from arrival; what comes next counts from its end, however late we look', () => {
  const plan = planOf([
    { id: 'w1', wait: '2d' },
    { id: 'w2', wait: '1h' },
  ]);
  const first = look(plan, arrived(plan, '2026-03-02T09:00:00Z'), {}, '2026-03-02T09:00:00Z');
  expect(first.decision.dueAt).toEqual(new Date('2026-03-04T09:00:00Z'));
  const second = look(plan, first.enrolment, {}, '2026-03-04T11:00:00Z');
  expect(second.enrolment).toMatchObject({ stepId: 'w2', arrivedAt: new Date('2026-03-04T09:00:00Z') });
});

test('two business days from a Thursday end on Monday', () => {
  const plan = planOf([{ id: 'w', wait: '2bd' }]);
  const { decision } = look(plan, arrived(plan, '2026-03-05T09:00:00Z'), {}, '2026-03-05T09:00:00Z');
  expect(decision.dueAt).toEqual(new Date('2026-03-09T09:00:00Z'));
});

test.each([
  [{ until: '09:00' }, 'Europe/Berlin', '2026-03-03T08:00:00.000Z'],
  [{ until: '09:00' }, 'America/New_York', '2026-03-02T14:00:00.000Z'],
  [{ until: { weekday: 'tue', at: '10:00' } }, 'Asia/Kolkata', '2026-03-03T04:30:00.000Z'],
  [{ until: { weekday: 'mon' } }, 'Europe/Berlin', '2026-03-08T23:00:00.000Z'],
])('until %j in %s', (wait, zone, dueAt) => {
  const plan = planOf([{ id: 'w', wait }]);
  const { decision } = look(plan, arrived(plan, '2026-03-02T09:30:00Z'), { zone }, '2026-03-02T09:30:00Z');
  expect(decision.dueAt?.toISOString()).toBe(dueAt);
});

test('it is told in words', () => {
  const plan = planOf([
    { id: 'w1', wait: '1h' },
    { id: 'w2', wait: { until: { weekday: 'tue', at: '10:00' } } },
  ]);
  const { last } = look(plan, arrived(plan, '2026-03-02T09:00:00Z'), {}, '2026-03-02T10:00:00Z');
  expect(ruleWords(last)).toBe('waits until tue 10:00, 3 March 2026, 09:00 UTC');
});

test('what is no duration is told as such', () => {
  const shape = { key: 'k', name: 'K', class: 'transactional', steps: [{ id: 'w', wait: '2 days' }] };
  expect(campaign.safeParse(shape).error!.issues[0]).toMatchObject({
    path: ['steps', 0, 'wait'],
    message: expect.stringContaining('is not a duration'),
  });
  const until = { ...shape, steps: [{ id: 'w', wait: { until: { weekday: 'today' } } }] };
  expect(campaign.safeParse(until).error!.issues[0]!.path).toEqual(['steps', 0, 'wait', 'until', 'weekday']);
});
