import { beforeAll, expect, test } from 'vitest';
import { makeCalls } from '../../support/calls.ts';
import { receiver, type Reply } from '../../support/receiver.ts';
import { deliverBriefly, feedOnce, listen, LOCAL, tellAll, told, verify } from '../../support/webhooks.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ env: LOCAL, at: '2026-03-02T09:00:00Z' });
  return firm.close;
});

let people = 0;
/** Something happens that `lead.created` tells of. */
const somethingHappens = async (times = 1): Promise<void> => {
  const items = Array.from({ length: times }, () => ({ externalId: `n${++people}`, email: `n${people}@many.example` }));
  expect(await firm.post('/v1/leads/batch', { system: 'test', items })).toHaveStatus(200);
};
const messages = async (id: string) =>
  (
    (await (await firm.get(`/v1/webhooks/${id}/messages`)).json()) as {
      items: { id: string; state: string; attempts: number; reason: string | null }[];
    }
  ).items;
const endpoint = async (id: string) => (await (await firm.get(`/v1/webhooks/${id}`)).json()) as Record<string, unknown>;
const openAlerts = async () => ((await (await firm.get('/v1/alerts')).json()) as { items: { kind: string; about: string }[] }).items;
const forget = (id: string) => firm.delete(`/v1/webhooks/${id}`);

/** A receiver that answers by turns, and then well. */
const answering = (...turns: Reply[]) => receiver((_, nth) => turns[nth - 1] ?? { status: 204 });

test('what fails is sent again under the same id, signed anew; a wish to wait is heeded', async () => {
  const crm = await answering({ status: 500 }, 'reset', { status: 429, headers: { 'retry-after': '7200' } });
  const { id, secret } = await listen(firm, crm.url, ['lead.created']);
  await somethingHappens();
  await tellAll(firm);
  expect(await messages(id)).toMatchObject([{ state: 'queued', attempts: 1, reason: 'answered 500' }]);
  await tellAll(firm);
  expect(crm.received).toHaveLength(1);

  await firm.jump('10s');
  await tellAll(firm);
  expect(await messages(id)).toMatchObject([{ attempts: 2, reason: 'the connection was cut' }]);
  await firm.jump('10m');
  await tellAll(firm);
  await firm.jump('1h');
  await tellAll(firm);
  expect(crm.received).toHaveLength(3);
  await firm.jump('1h');
  await tellAll(firm);
  expect(await messages(id)).toMatchObject([{ state: 'done', attempts: 4 }]);
  expect(new Set(crm.received.map((one) => `${one.headers['webhook-id']} ${one.body}`)).size).toBe(1);
  expect(crm.received.every((one) => verify(one, secret))).toBe(true);
  expect(await endpoint(id)).toMatchObject({ state: 'enabled', failingSince: null });
  expect((await makeCalls(firm, { lane: 'events' })).look).toEqual({ sleepMs: null });
  await forget(id);
});

test('an endpoint that is gone is disabled, and told what it has missed when it is enabled again', async () => {
  const crm = await answering({ status: 410 });
  const { id } = await listen(firm, crm.url, ['lead.created']);
  await somethingHappens();
  await tellAll(firm);
  expect(await endpoint(id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
  expect(await openAlerts()).toMatchObject([{ kind: 'webhook_disabled', about: id }]);
  expect(await firm.post(`/v1/webhooks/${id}/test`)).toHaveStatus(409);

  await somethingHappens(3);
  await tellAll(firm);
  expect(crm.received).toHaveLength(1);
  expect(await firm.patch(`/v1/webhooks/${id}`, { state: 'enabled' })).toHaveStatus(200);
  await tellAll(firm);
  expect(new Set(told(crm.received).map((one) => one.id)).size).toBe(4);
  expect(await openAlerts()).toEqual([]);
  await forget(id);
});

test('after its last attempt a message is given up, somebody is told, and it can be sent again; days without a word end it', async () => {
  let down = true;
  const crm = await receiver(() => (down ? { status: 503 } : { status: 200 }));
  const { id } = await listen(firm, crm.url, ['lead.created']);
  await somethingHappens();
  for (let attempt = 1; attempt <= 10; attempt++) {
    await tellAll(firm);
    await firm.jump('29h');
    // Its failing is counted from the first attempt: here it is the message that runs out first.
    await firm.pool.query('update webhook_endpoint set failing_since = null');
  }
  expect(await messages(id)).toMatchObject([{ state: 'dead', attempts: 10, reason: 'answered 503' }]);
  expect(await openAlerts()).toMatchObject([{ kind: 'webhook_dead', about: id }]);

  down = false;
  expect(await (await firm.post(`/v1/webhooks/${id}/replay`, { state: 'dead' })).json()).toEqual({ queued: 1 });
  await tellAll(firm);
  expect(await messages(id)).toMatchObject([{ state: 'done', attempts: 1 }]);
  expect(new Set(told(crm.received).map((one) => one.id)).size).toBe(1);
  expect(await openAlerts()).toEqual([]);

  down = true;
  await somethingHappens();
  await tellAll(firm);
  await firm.jump('6d');
  await tellAll(firm);
  expect(await endpoint(id)).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
  await forget(id);
  expect(await openAlerts()).toEqual([]);
});

test('a worker that vanished between the sending and the note: the message comes once more, with the same id', async () => {
  const crm = await receiver();
  const { id } = await listen(firm, crm.url, ['lead.created']);
  await somethingHappens();
  await tellAll(firm);
  await firm.pool.query(
    `update webhook_delivery set state = 'claimed', token = gen_random_uuid(), settled_at = null, claimed_until_real = now() - interval '1 second' where endpoint_id = $1`,
    [id],
  );
  await tellAll(firm);
  const [first, second] = told(crm.received);
  expect(second).toEqual(first);
  expect(await messages(id)).toMatchObject([{ state: 'done' }]);
  await forget(id);
});

test('one that never answers has sixteen under way and holds nobody else', async () => {
  const slow = await receiver(() => 'hang');
  const quick = await receiver();
  const a = await listen(firm, slow.url, ['lead.created']);
  const b = await listen(firm, quick.url, ['lead.created']);
  await somethingHappens(40);
  await feedOnce(firm);
  await deliverBriefly(firm, 1_000);
  expect((await messages(b.id)).every(({ state }) => state === 'done')).toBe(true);
  expect(quick.received).toHaveLength(40);
  expect(slow.received.length).toBeLessThanOrEqual(16);
  await forget(a.id);
  await forget(b.id);
});
