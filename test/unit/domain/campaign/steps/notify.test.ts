import { expect, test } from 'vitest';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';

test('it tells, and goes on at once', () => {
  const plan = planOf([
    { id: 'owner', notify: { to: 'owner', text: '{{lead.first_name}} of {{account.name}} ({{entry.form}})' } },
    { id: 'desk', notify: { to: 'desk@firm.example', subject: 'Look', text: 'x', template: 'own' } },
    { id: 'chat', notify: { to: 'https://chat.example/hook', text: 'x {{lead.none}} y' } },
    { id: 'after', wait: '1d' },
  ]);
  const facts = { lead: { first_name: 'Mei', last_name: 'Wang' }, account: { name: 'Huadong' } };
  const { decision, enrolment } = look(plan, arrived(plan, came, { entry: { form: 'trial' } }), facts, came);
  expect(enrolment.stepId).toBe('after');
  expect(decision.effects).toMatchObject([
    { kind: 'notify', to: { who: 'owner' }, template: 'notice', subject: 'K: Mei Wang', text: 'Mei of Huadong (trial)' },
    { kind: 'notify', to: { address: 'desk@firm.example' }, template: 'own', subject: 'Look' },
    { kind: 'call', lane: 'notify', awaited: false, url: 'https://chat.example/hook', body: { text: 'x y', type: 'campaign.notice' } },
  ]);
});
