import { expect, test, vi } from 'vitest';
import { callChores } from '../../../activities/call-chores.ts';
import { tendril } from '../../support/cli.ts';
import { receiver } from '../../support/receiver.ts';
import { listen, LOCAL, tellAll, told, verify } from '../../support/webhooks.ts';
import { workspace } from '../../support/workspace.ts';

test('an endpoint is made, read, changed, tested, given another secret, deleted', async () => {
  const firm = await workspace({ env: LOCAL });
  const crm = await receiver();
  const made = await listen(firm, crm.url, ['opportunity.*'], { description: 'the CRM', system: 'salesforce' });
  expect(made.secret).toMatch(/^whsec_/);
  expect(await (await firm.get('/v1/webhooks')).json()).toMatchObject({
    items: [{ id: made.id, description: 'the CRM', state: 'enabled', queued: 0 }],
  });
  expect(await (await firm.get(`/v1/webhooks/${made.id}`)).text()).not.toContain(made.secret);

  const changed = await firm.patch(`/v1/webhooks/${made.id}`, { types: ['*'], system: null });
  expect(await changed.json()).toMatchObject({ types: ['*'], system: null, description: 'the CRM' });

  const rotated = (await (await firm.post(`/v1/webhooks/${made.id}/secret/rotate`)).json()) as { secret: string };
  expect(rotated.secret).not.toBe(made.secret);
  expect(await firm.post(`/v1/webhooks/${made.id}/secret/rotate`)).toHaveStatus(409);
  const { messageId } = (await (await firm.post(`/v1/webhooks/${made.id}/test`)).json()) as { messageId: string };
  await tellAll(firm);
  const [ping] = crm.received;
  expect(ping!.headers['webhook-id']).toBe(messageId);
  expect([made.secret, rotated.secret].map((secret) => verify(ping!, secret))).toEqual([true, true]);
  await firm.pool.query(`update webhook_endpoint set previous_until_real = now() - interval '1 minute'`);
  await firm.post(`/v1/webhooks/${made.id}/test`);
  await tellAll(firm);
  expect([made.secret, rotated.secret].map((secret) => verify(crm.received[1]!, secret))).toEqual([false, true]);
  expect(await (await firm.get(`/v1/webhooks/${made.id}/messages/${messageId}`)).json()).toMatchObject({
    type: 'webhook.test',
    state: 'done',
    status: 200,
  });

  expect(await firm.delete(`/v1/webhooks/${made.id}`)).toHaveStatus(204);
  expect(await firm.get(`/v1/webhooks/${made.id}`)).toHaveStatus(404);
});

test('who comes late is told what happened before they were there, when they ask; tests are for those who want them; the old is forgotten', async () => {
  const firm = await workspace({ env: LOCAL });
  const before = new Date();
  await firm.put('/v1/leads/by/sap/1', { email: 'mei@huadong.example' });
  await firm.put('/v1/leads/by/sap/2', { email: 'try@huadong.example', test: true });
  const crm = await receiver();
  const curious = await receiver();
  const { id } = await listen(firm, crm.url, ['lead.created']);
  const { id: other } = await listen(firm, curious.url, ['lead.created'], { includeTest: true });
  await tellAll(firm);
  expect(crm.received).toEqual([]);

  for (const one of [id, other])
    expect(await (await firm.post(`/v1/webhooks/${one}/replay`, { since: before.toISOString() })).json()).toEqual({ queued: 0 });
  await tellAll(firm);
  expect(told(crm.received).map(({ data }) => data['lead']!['email'])).toEqual(['mei@huadong.example']);
  expect(curious.received).toHaveLength(2);

  const [first] = told(crm.received);
  expect(await (await firm.post(`/v1/webhooks/${id}/replay`, { messageIds: [first!.id] })).json()).toEqual({ queued: 1 });
  await tellAll(firm);
  expect(told(crm.received)[1]).toEqual(first);

  const page = (await (await firm.get(`/v1/webhooks/${other}/messages?limit=1`)).json()) as { items: object[]; nextCursor: string };
  const next = (await (await firm.get(`/v1/webhooks/${other}/messages?limit=1&cursor=${page.nextCursor}`)).json()) as typeof page;
  expect([page.items.length, next.items.length, next.nextCursor]).toEqual([1, 1, null]);

  await firm.pool.query(`update webhook_message set made_real = now() - interval '31 days'`);
  for (const chore of callChores(90, 30)) await chore.run(firm.pool);
  expect((await firm.pool.query('select from webhook_delivery')).rowCount).toBe(0);
});

test('with the real worker: a message arrives by itself, and the command says so', async () => {
  const firm = await workspace({ env: LOCAL });
  const crm = await receiver();
  const { id } = await listen(firm, crm.url, ['lead.created']);
  const url = await firm.listen();
  await firm.startWorker();
  await firm.put('/v1/leads/by/sap/1', { email: 'mei@huadong.example' });
  const said = await tendril(['webhook', 'test', id], { TENDRIL_URL: url, TENDRIL_API_KEY: firm.adminKey });
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('It answered 200') as string });
  await vi.waitFor(() => expect(crm.received).toHaveLength(2), { timeout: 30_000, interval: 100 });
  expect(
    told(crm.received)
      .map(({ type }) => type)
      .toSorted(),
  ).toEqual(['lead.created', 'webhook.test']);
});
