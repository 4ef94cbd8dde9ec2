import { expect, test } from 'vitest';
import { forgetCallBodies } from '../../../db/call-retry.ts';
import { callsOf, makeCalls } from '../../support/calls.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { receiver, type Reply } from '../../support/receiver.ts';
import { workspace } from '../../support/workspace.ts';

const MEI = 'mei@huadong.example';

test('a call that failed is made again by hand, as it was; its lead stays where it is; in time what was said is forgotten', async () => {
  const crm = await receiver((_, nth): Reply => (nth <= 2 ? { status: 422 } : { status: 200, json: { id: 'c-7' } }));
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  const onFailure = [{ id: 'sad', wait: '300d' }];
  const webhook = { url: crm.url, body: { email: '{{lead.email}}' }, set: { crm_id: 'id' }, onFailure };
  await launch(firm, campaignOf({ steps: [{ id: 'crm', webhook }] }));
  await happen(firm.pool, 'signed_up', [{ email: MEI }]);
  await look(firm, 'trial');
  await makeCalls(firm);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ stepId: 'sad' }]);

  const { items } = (await (await firm.get('/v1/calls?state=failed')).json()) as { items: { id: string }[] };
  const retry = `/v1/calls/${items[0]!.id}/retry`;
  expect(await firm.anyone.post(retry)).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('read')).post(retry)).toHaveStatus(403);
  expect(await firm.post('/v1/calls/nothing/retry')).toHaveStatus(422);
  expect(await firm.post('/v1/calls/00000000-0000-7000-8000-000000000000/retry')).toHaveStatus(404);

  expect(await firm.post(retry)).toHaveStatus(202);
  await makeCalls(firm);
  expect(await callsOf(firm)).toMatchObject([{ state: 'failed', attempts: 1, status: 422 }]);
  expect(await firm.post(retry)).toHaveStatus(202);
  expect(await firm.post(retry), 'it is queued already').toHaveStatus(409);
  await makeCalls(firm);
  await look(firm, 'trial');
  expect(await callsOf(firm)).toMatchObject([{ state: 'done', status: 200 }]);
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ state: 'active', stepId: 'sad' }]);
  expect(await (await firm.get(`/v1/leads/${MEI}`)).json()).toMatchObject({ attributes: { crm_id: 'c-7' } });
  expect(new Set(crm.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(crm.received.map(({ body }) => body))).toEqual(new Set([JSON.stringify({ email: MEI })]));
  expect(await firm.post(retry), 'it is done').toHaveStatus(409);
  const why = (await (await firm.get(`/v1/leads/${MEI}/why`)).json()) as { items: { words: string }[] };
  expect(why.items.map(({ words }) => words)).toContain(`The call to ${new URL(crm.url).host} is made again, by hand`);

  const kept = async () =>
    (await firm.pool.query('select body is not null as body, excerpt is not null as answer from outgoing_call')).rows;
  await firm.jump('89d');
  await forgetCallBodies(firm.pool, 90);
  expect(await kept()).toEqual([{ body: true, answer: true }]);
  await firm.jump('2d');
  await forgetCallBodies(firm.pool, 90);
  expect(await kept()).toEqual([{ body: false, answer: false }]);
  await firm.pool.query(`update outgoing_call set state = 'failed'`);
  expect(await firm.post(retry), 'nobody knows any more what it said').toHaveStatus(409);
});
