import { expect, test } from 'vitest';
import { createPlans } from '../../../activities/plans.ts';
import { stillWanted } from '../../../activities/still-wanted.ts';
import { fileText } from '../../../cli/workspace/yaml.ts';
import { inTransaction } from '../../../db/pool.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { leavingMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { workspace } from '../../support/workspace.ts';

test('while a rep writes to somebody a campaign’s marketing waits, unless the sequence says otherwise; when the run is over it goes on', async () => {
  const firm = await workspace({ at: '2026-03-02T11:00:00Z', documents: topics });
  await addWriters(firm);
  await saveSequence(firm);
  await saveSequence(firm, sequenceOf({ key: 'beside', withCampaigns: true }));
  await launch(firm, campaignOf({ steps: [{ id: 'welcome', send: 'welcome' }] }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }, { email: 'lars@nordkraft.example' }]);
  const { people } = await begin(firm, ['mei@huadong.example']);
  expect((await begin(firm, ['lars@nordkraft.example'], 'ben', 'beside')).started).toBe(1);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'active', waiting: 'sales' }]);
  expect(await standing(firm, 'trial', 'lars@nordkraft.example')).toMatchObject([{ waiting: expect.stringMatching(/^send:/) }]);
  // The crowd’s loop leaves runs alone, and its last look knows nothing of them.
  expect(await (await firm.get('/v1/sequences/first-contact/runs')).json()).toMatchObject({ items: [{ stepId: 'hello', waiting: null }] });
  expect(await inTransaction(firm.pool, async (tx) => stillWanted(tx, createPlans(), await leavingMails(firm)))).toEqual(new Map());

  expect(await firm.post(`/v1/sequence-runs/${people[0]!.runId}/stop`, { note: 'called them' })).toHaveStatus(200);
  const { poked } = await look(firm, 'trial');
  expect(poked).toContainEqual({ kind: 'delivery', lane: 'marketing' });
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ waiting: expect.stringMatching(/^send:/) }]);
});

test('a folder’s sequences are pushed and read back as they were written; one wrong letter, and nothing is stored', async () => {
  const firm = await workspace();
  const document = (body: object) => ({ documents: [{ kind: 'sequence', key: 'first-contact', body }] });
  expect(
    await firm.put('/v1/workspace/documents', document(sequenceOf({ steps: [{ id: 'a', mail: { subject: '{{lead.x}}', text: 'Hi' } }] }))),
  ).toHaveStatus(422);
  expect(await firm.put('/v1/workspace/documents', document(sequenceOf()))).toHaveStatus(200);
  const { items } = (await (await firm.get('/v1/workspace/documents')).json()) as { items: { kind: string; key: string; body: unknown }[] };
  expect(items.find(({ kind }) => kind === 'sequence')).toMatchObject({
    key: 'first-contact',
    body: { name: 'First contact', class: 'personal' },
  });
  expect(await (await firm.get('/v1/sequences/first-contact')).json()).toMatchObject({ state: 'live', liveVersion: 1 });
  const written = fileText(items.find(({ kind }) => kind === 'sequence') as never);
  expect(written).not.toContain('personal');
  expect(written).toContain('wait: 3bd');
});
