import { expect, test } from 'vitest';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const asked = (task: object = {}) =>
  planOf([
    {
      id: 'call',
      task: {
        to: 'owner',
        title: 'Call {{lead.first_name}}',
        timeout: '5bd',
        onOutcome: { refused: [{ id: 'over', wait: '1d' }] },
        onTimeout: [{ id: 'late', wait: '1d' }],
        ...task,
      },
    },
    { id: 'after', wait: '1d' },
  ]);
const answered = (state: 'open' | 'done' | 'cancelled', outcome: string | null = null, at = '2026-03-03T10:00:00Z') => ({
  task: { state, outcome, createdAt: new Date(came), closedAt: state === 'open' ? null : new Date(at) },
});

test('it asks once, and waits for the outcome until its time is up', () => {
  const plan = asked();
  const { decision, enrolment } = look(plan, arrived(plan, came), { lead: { first_name: 'Mei' } }, came);
  expect(decision.effects).toEqual([
    {
      kind: 'task',
      taskKind: 'custom',
      stepId: 'call',
      taskKey: `${enrolment.id}/call/1`,
      title: 'Call Mei',
      to: { who: 'owner' },
      pool: null,
      dueAt: new Date('2026-03-04T09:00:00Z'),
      outcomes: ['refused', 'done'],
      once: false,
      awaited: true,
    },
  ]);
  expect(decision.dueAt).toEqual(new Date('2026-03-09T09:00:00Z'));
  const again = look(plan, enrolment, answered('open'), '2026-03-03T09:00:00Z');
  expect(again.decision).toMatchObject({ effects: [], dueAt: new Date('2026-03-09T09:00:00Z') });
});

test('the outcome chooses the arm, as of when it was given; one without an arm goes on; cancelled goes on', () => {
  const plan = asked();
  const { enrolment } = look(plan, arrived(plan, came), {}, came);
  const then = (facts: object, now = '2026-03-03T10:00:20Z') => look(plan, enrolment, facts, now);
  expect(then(answered('done', 'refused')).enrolment).toMatchObject({ stepId: 'over', arrivedAt: new Date('2026-03-03T10:00:00Z') });
  expect(then(answered('done', 'done')).enrolment.stepId).toBe('after');
  expect(then(answered('cancelled')).enrolment.stepId).toBe('after');
  expect(then({ task: null }).enrolment.stepId).toBe('after');
  const late = then(answered('done', 'refused', '2026-03-09T10:00:00Z'), '2026-03-09T11:00:00Z');
  expect(late.enrolment).toMatchObject({ stepId: 'late', arrivedAt: new Date('2026-03-09T09:00:00Z') });
  expect(ruleWords(late.decision.journal[0]!.because)).toBe('nobody answered the task by 9 March 2026, 09:00 UTC');
});

test('without arms it goes on at once; with arms alone it waits a month; who was asked late has their time', () => {
  const once = planOf([
    { id: 'call', task: { to: 'inside' } },
    { id: 'after', wait: '1d' },
  ]);
  const { decision, enrolment } = look(once, arrived(once, came), {}, came);
  expect(enrolment.stepId).toBe('after');
  expect(decision.effects).toMatchObject([{ title: 'K: call', awaited: false, to: { who: 'named', key: 'inside' } }]);

  const plan = asked({ timeout: undefined });
  expect(look(plan, arrived(plan, came), {}, came).decision.dueAt).toEqual(new Date('2026-04-01T08:00:00Z'));

  const afterAnOutage = look(asked(), arrived(asked(), came), {}, '2026-03-20T09:00:00Z');
  expect(afterAnOutage.decision.dueAt).toEqual(new Date('2026-03-27T09:00:00Z'));
  const created = { task: { ...answered('open').task, createdAt: new Date('2026-03-20T09:00:00Z') } };
  expect(look(asked(), afterAnOutage.enrolment, created, '2026-03-21T09:00:00Z').decision.dueAt).toEqual(new Date('2026-03-27T09:00:00Z'));
});
