import { expect, test } from 'vitest';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const plan = planOf([
  { id: 'm', send: 'welcome' },
  { id: 'w', wait: '2d' },
]);
const resumed = { skipBefore: new Date('2026-03-05T09:00:00Z') };
const at = (waiting: string | null, now: string) => look(plan, arrived(plan, came, { waiting }), resumed, now);

test('resumed with skip, what fell due meanwhile is left out, and what follows counts from then', () => {
  const later = '2026-03-05T09:00:00Z';
  expect(at(null, later)).toMatchObject({ decision: { effects: [] }, enrolment: { stepId: 'w', arrivedAt: new Date(came) } });
  const cap = at('held:cap:2026-03-04T23:00:00.000Z', later);
  expect(cap).toMatchObject({ decision: { effects: [] }, enrolment: { stepId: 'w', arrivedAt: new Date('2026-03-04T23:00:00Z') } });
});

test('resumed with skip, a step that is reached by what happened meanwhile is reached now: its mail goes', () => {
  const reached = arrived(plan, '2026-03-05T09:00:00Z');
  expect(look(plan, reached, resumed, '2026-03-05T09:00:00Z').decision.effects).toMatchObject([{ kind: 'send', template: 'welcome' }]);
});

test('resumed with skip, a mail that was held before the pause and is due after it is not lost', () => {
  for (const waiting of ['held:cap:2026-03-08T23:00:00.000Z', 'held:priority', 'sales', 'step_paused'])
    expect(at(waiting, '2026-03-08T23:00:00Z').decision.effects).toMatchObject([{ kind: 'send', template: 'welcome' }]);
});
