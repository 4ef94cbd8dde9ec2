import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { callsOf, makeCalls } from '../../support/calls.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { deliveryOver, notingTransport } from '../../support/delivery.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { receiver } from '../../support/receiver.ts';
import { workspace } from '../../support/workspace.ts';

const text = 'Look at {{lead.email}} ({{entry.plan}})';

test('the owner, everybody of a pool, an address and a URL are told, and nobody waits for it', async () => {
  const chat = await receiver((_, nth) => (nth === 1 ? { status: 500 } : { status: 200 }));
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana', 'ben'], documents: topics });
  const steps = ['owner', 'sales', 'desk@firm.example', chat.url].map((to, n) => ({ id: `tell-${n}`, notify: { to, text } }));
  await launch(firm, campaignOf({ steps }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }], { plan: 'pro' });
  await firm.pool.query(`update account set owner_rep_id = (select id from rep where key = 'ben')`);
  const { poked } = await look(firm, 'trial');
  expect(poked).toEqual(
    expect.arrayContaining([
      { kind: 'delivery', lane: 'internal' },
      { kind: 'calls', lane: 'notify' },
    ]),
  );
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'completed' }]);

  const { transport, sent } = notingTransport();
  const { deliver } = await deliveryOver(firm.pool, { transport });
  await deliver({ lane: 'internal' });
  expect(sent.map(({ to }) => to.address).toSorted()).toEqual(['ana', 'ben', 'ben', 'desk'].map((who) => `${who}@firm.example`));
  expect(sent[0]!.subject).toBe('Trial: mei@huadong.example');
  expect(sent[0]!.text).toContain('Look at mei@huadong.example (pro)');

  await makeCalls(firm, { lane: 'notify' });
  await firm.jumpToNext();
  await makeCalls(firm, { lane: 'notify' });
  expect(JSON.parse(chat.received[1]!.body)).toMatchObject({
    text: 'Look at mei@huadong.example (pro)',
    type: 'campaign.notice',
    data: { campaign: 'trial', lead: { email: 'mei@huadong.example' } },
  });
  expect(await callsOf(firm)).toMatchObject([{ lane: 'notify', state: 'done', attempts: 2 }]);
  const { host } = new URL(chat.url);
  const page = await (await firm.get(`/v1/calls?state=done&campaign=trial&host=${host}`)).json();
  expect(page).toMatchObject({
    items: [{ kind: 'notify', step: 'tell-3', host, attempts: 2, status: 200, dueAt: null }],
    nextCursor: null,
  });
  expect(await (await firm.get('/v1/calls?state=failed')).json()).toMatchObject({ items: [] });
  expect((await firm.get('/v1/calls?state=lost')).status).toBe(422);
});

test('what cannot be meant is told while linting', async () => {
  const firm = await workspace({ reps: ['ana'], documents: topics });
  const steps = [
    { id: 'a', notify: { to: { pool: 'nobody' }, text } },
    { id: 'b', notify: { to: 'zoe', text } },
    { id: 'c', notify: { to: 'not an address@', text } },
    { id: 'd', task: { to: 'ana', pool: 'nowhere' } },
    { id: 'e', webhook: { url: 'https://eva:secret@crm.firm.example/' } },
  ];
  const lint = async (list: object[]) => {
    const answer = await firm.post('/v1/campaigns/lint', campaignOf({ steps: list }));
    return ((await answer.json()) as { findings: { path: string; reason: string }[] }).findings.map(
      ({ path, reason }) => `${path}: ${reason}`,
    );
  };
  expect(await lint(steps.slice(0, 4))).toEqual([
    "steps.0: there is no pool 'nobody'",
    "steps.1: there is neither a pool nor a rep 'zoe'",
    "steps.2: 'not an address@' is not an address",
    "steps.3: there is no pool 'nowhere'",
  ]);
  expect(await lint(steps.slice(4))).toEqual([expect.stringContaining('holds a password')]);
  expect(await lint([{ id: 'f', webhook: { url: 'https://crm.firm.example/', set: { email: 'data.email' } } }])).toEqual([
    "steps.0: an answer may not set 'email'",
  ]);
  await firm.put('/v1/workspace/documents', {});
  await putDocument(firm.pool, 'attributes', 'default', { lead: { plan: 'text' }, account: {} });
  const filled = {
    url: 'https://crm.firm.example/',
    body: { plan: ['{{lead.plan}}', '{{lead.plane}}'], all: '{{everything}}' },
    set: { crm: 'id' },
  };
  expect(
    await lint([
      { id: 'g', webhook: filled },
      { id: 'h', task: { to: 'ana', title: 'Call {{account.nam}}, {{lead.stage}}' } },
    ]),
  ).toEqual([
    'steps.0: there is no attribute lead.plane',
    'steps.0: {{everything}} is not something to fill in',
    'steps.0: there is no attribute lead.crm',
    'steps.1: there is no attribute account.nam',
  ]);
});
