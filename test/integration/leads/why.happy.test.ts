import { expect, test } from 'vitest';
import { writeJournal } from '../../../db/journal.ts';
import { addCampaign, addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('why tells each decision with its rule and the facts it saw, newest first', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  const { campaignId } = await addCampaign(firm.pool, 'trial');
  const clicked = { leaf: { kind: 'mail', what: 'clicked', step: 'hello', link: null }, value: 2, held: true };
  await writeJournal(firm.pool, [{ kind: 'stage_changed', leadId: id, because: { from: 'lead', to: 'mql', by: 'qualified' } }]);
  await firm.jump('1d');
  await writeJournal(firm.pool, [
    { kind: 'stepped', leadId: id, campaignId, stepId: 'engaged', because: { rule: 'branch', arm: 1, evidence: [clicked] } },
  ]);

  const { items } = (await (await firm.get('/v1/leads/mei@huadong.example/why')).json()) as { items: object[] };
  expect(items).toMatchObject([
    {
      at: '2027-01-05T09:00:00.000Z',
      kind: 'stepped',
      words: 'Engaged: arm 1 of the branch held, and went on',
      facts: ['yes: clicked hello (2×)'],
      campaign: { key: 'trial' },
      because: { rule: 'branch', arm: 1 },
    },
    { words: 'Stage lead → mql: qualified', facts: [], campaign: null },
  ]);
  const only = (await (await firm.get(`/v1/leads/${id}/why?campaign=trial`)).json()) as { items: object[] };
  expect(only.items).toHaveLength(1);
});
