import { expect, test } from 'vitest';
import type { CallFact } from '../../../../../domain/calls/call.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const plan = planOf([
  {
    id: 'crm',
    webhook: {
      url: 'https://crm.firm.example/leads',
      body: { who: '{{lead.email}}', size: '{{account.staff}}', none: '{{lead.none}}', list: ['Dear {{lead.first_name}}', 7] },
      set: { crm_id: 'id' },
      timeout: '5s',
      onFailure: [{ id: 'sad', wait: '1d' }],
    },
  },
  { id: 'after', wait: '1d' },
]);
const call = (state: CallFact['state']): { call: CallFact } => ({
  call: { state, status: 201, reason: 'answered 410', settledAt: new Date('2026-03-02T09:00:03Z'), attempts: 1 },
});

test('it asks once, with placeholders filled in that keep their type, and waits', () => {
  const facts = { lead: { email: 'mei@huadong.example', first_name: 'Mei' }, account: { staff: 120 } };
  const { decision } = look(plan, arrived(plan, came), facts, came);
  expect(decision.effects).toMatchObject([
    {
      kind: 'call',
      lane: 'webhook',
      method: 'POST',
      body: { who: 'mei@huadong.example', size: 120, none: null, list: ['Dear Mei', 7] },
      sets: { crm_id: 'id' },
      timeoutMs: 5_000,
      retries: 10,
      awaited: true,
    },
  ]);
  expect(decision.position.waiting).toMatch(/^call:.*\/crm\/1$/);
});

test('done goes on as of the answer, failed into its arm, cancelled on; until then it waits', () => {
  const { enrolment } = look(plan, arrived(plan, came), {}, came);
  const then = (facts: object) => look(plan, enrolment, facts, '2026-03-02T09:01:00Z');
  const done = then(call('done'));
  expect(done.enrolment).toMatchObject({ stepId: 'after', arrivedAt: new Date('2026-03-02T09:00:03Z') });
  expect(ruleWords(done.decision.journal[0]!.because)).toBe('crm.firm.example answered 201');
  expect(then(call('failed')).enrolment.stepId).toBe('sad');
  expect(then(call('cancelled')).enrolment.stepId).toBe('after');
  expect(then(call('queued')).decision).toMatchObject({ effects: [], position: { stepId: 'crm' } });
});
