import { expect, test } from 'vitest';
import { signatureHeaders, workspaceSecret } from '../../../messaging/webhooks/sign.ts';
import { callsOf, makeCalls } from '../../support/calls.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { SECRET } from '../../support/delivery.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { type Received, receiver, type Reply } from '../../support/receiver.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const MEI = 'mei@huadong.example';

/** A firm with a campaign that calls `url`, and Mei before that step. */
async function calling(url: string, webhook: object = {}): Promise<Workspace> {
  const firm = await workspace({ at: START, documents: topics });
  const steps = [
    { id: 'crm', webhook: { url, onFailure: [{ id: 'sad', exit: 'crm is down' }], ...webhook } },
    { id: 'end', exit: 'told' },
  ];
  await launch(firm, campaignOf({ steps }));
  await happen(firm.pool, 'signed_up', [{ email: MEI, firstName: 'Mei' }], { plan: 'pro' });
  await look(firm, 'trial');
  return firm;
}

/** Makes what is due, lets the campaign look, and answers where Mei stands. */
async function goOn(firm: Workspace, allow?: string) {
  await makeCalls(firm, allow === undefined ? {} : { allow });
  await look(firm, 'trial');
  return (await standing(firm, 'trial', MEI))[0]!;
}

test('another system is told, signed; its answer sets attributes; the enrolment waits for it and goes on at once', async () => {
  const crm = await receiver(() => ({ status: 201, json: { data: { id: 'c-7', owner: { name: 'Eva' } } } }));
  const body = { email: '{{lead.email}}', plan: '{{entry.plan}}', hello: 'Dear {{lead.first_name}}' };
  const firm = await calling(`${crm.url}/leads`, { body, set: { crm_id: 'data.id', crm_owner: 'data.owner.name', none: 'data.x' } });
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ stepId: 'crm', waiting: expect.stringMatching(/^call:/) }]);

  const { poked, look: next } = await makeCalls(firm);
  expect(next).toEqual({ sleepMs: null });
  expect(poked.map(({ kind }) => kind).toSorted()).toEqual(['nurture', 'scoring']);
  const [got] = crm.received as [Received];
  expect(got).toMatchObject({ method: 'POST', path: '/leads' });
  expect(JSON.parse(got.body)).toEqual({ email: MEI, plan: 'pro', hello: 'Dear Mei' });
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = got.headers;
  expect(signature).toBe(signatureHeaders([workspaceSecret(SECRET)], id!, new Date(Number(at) * 1_000), got.body)['webhook-signature']);

  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ endReason: 'told' }]);
  const lead = (await (await firm.get(`/v1/leads/${MEI}`)).json()) as { attributes: object };
  expect(lead.attributes).toMatchObject({ crm_id: 'c-7', crm_owner: 'Eva' });
  expect(await callsOf(firm)).toMatchObject([{ state: 'done', attempts: 1, status: 201 }]);
});

test('one that is down is asked again under the same id, the reason can be seen meanwhile; then it is told', async () => {
  const crm = await receiver((_, nth): Reply => {
    const faults: Reply[] = ['hang', 'reset', { status: 503, headers: { 'retry-after': '3600' } }];
    return faults[nth - 1] ?? { status: 200 };
  });
  const firm = await calling(crm.url, { timeout: '1s' });
  const host = new URL(crm.url).host;
  expect(await goOn(firm)).toMatchObject({ stepId: 'crm', error: `${host}: no answer within 1 s` });
  await firm.jumpToNext();
  expect((await firm.now()).toISOString()).toBe('2026-03-02T09:00:10.000Z');
  expect(await goOn(firm)).toMatchObject({ error: `${host}: the connection was cut` });
  await firm.jumpToNext();
  expect(await goOn(firm)).toMatchObject({ error: `${host}: answered 503` });
  await firm.jumpToNext();
  expect((await firm.now()).toISOString()).toBe('2026-03-02T10:00:40.000Z');
  expect(await goOn(firm)).toMatchObject({ endReason: 'told', error: null });
  expect(new Set(crm.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(crm.received.map(({ body }) => body)).size).toBe(1);

  const why = (await (await firm.get(`/v1/leads/${MEI}/why?limit=100`)).json()) as { items: { words: string }[] };
  expect(why.items.map(({ words }) => words)).toEqual(
    expect.arrayContaining([
      `Attempt 3 to call ${host} failed: answered 503; tried again on 2 March 2026, 10:00 UTC`,
      `Crm: ${host} answered 200, and went on`,
    ]),
  );
});

test('what is final goes into the failure arm at once: gone, redirected, given up, too large, not JSON', async () => {
  const replies: Record<string, [Reply, object, string]> = {
    gone: [{ status: 410 }, {}, 'answered 410'],
    moved: [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, {}, 'answered 302: redirections are not followed'],
    down: [{ status: 500 }, { retries: 0 }, 'answered 500'],
    large: ['huge', { set: { a: 'b' } }, 'the answer is larger than 64 kB'],
    odd: ['text', { set: { a: 'b' } }, 'the answer is not JSON'],
  };
  const crm = await receiver(({ path }) => replies[path.slice(1)]![0]);
  const firm = await workspace({ at: START, documents: topics });
  for (const [key, [, webhook]] of Object.entries(replies)) {
    const url = `${crm.url}/${key}`;
    await launch(
      firm,
      campaignOf({ key, steps: [{ id: 'crm', webhook: { url, ...webhook, onFailure: [{ id: 'sad', exit: 'crm is down' }] } }] }),
    );
  }
  await happen(firm.pool, 'signed_up', [{ email: MEI }]);
  for (const key of Object.keys(replies)) await look(firm, key);
  await makeCalls(firm);
  for (const key of Object.keys(replies)) {
    await look(firm, key);
    expect(await standing(firm, key, MEI)).toMatchObject([{ endReason: 'crm is down' }]);
  }
  expect(await callsOf(firm)).toMatchObject(Object.values(replies).map(([, , reason]) => ({ state: 'failed', attempts: 1, reason })));
  expect(crm.received).toHaveLength(5);
});

test('our own network is not called, by address or by name; whose body nobody reads may be as large as it likes', async () => {
  const crm = await receiver(() => 'huge');
  const firm = await calling(crm.url);
  expect(await goOn(firm, '')).toMatchObject({ endReason: 'crm is down' });
  expect(await callsOf(firm)).toMatchObject([{ state: 'failed', reason: 'the address is private or reserved' }]);
  expect(crm.received).toHaveLength(0);

  await firm.pool.query(`update outgoing_call set state = 'queued', settled_at = null, url = replace(url, '127.0.0.1', 'localhost')`);
  await firm.pool.query(`update outgoing_call set awaited = false`);
  await makeCalls(firm, { allow: '10.0.0.0/8' });
  expect(await callsOf(firm)).toMatchObject([{ state: 'failed', reason: 'the address is private or reserved' }]);
  await firm.pool.query(`update outgoing_call set state = 'queued', settled_at = null, url = replace(url, 'localhost', '127.0.0.1')`);
  await makeCalls(firm, { mode: 'pretend' });
  expect(await callsOf(firm)).toMatchObject([{ state: 'done', status: null }]);
  expect(crm.received).toHaveLength(0);
  await firm.pool.query(`update outgoing_call set state = 'queued', settled_at = null`);
  await makeCalls(firm);
  expect(await callsOf(firm)).toMatchObject([{ state: 'done' }]);
});

test('a slow receiver holds nobody up, and no more than eight of ours; whoever has left is not told', async () => {
  const slow = await receiver(() => 'hang');
  const quick = await receiver();
  const firm = await workspace({ at: START, documents: topics });
  const steps = (url: string) => [{ id: 'crm', webhook: { url, timeout: '2s' } }];
  await launch(firm, campaignOf({ key: 'slow', steps: steps(slow.url), exitWhen: { stage: 'customer' } }));
  await launch(firm, campaignOf({ key: 'quick', steps: steps(quick.url) }));
  await happen(
    firm.pool,
    'signed_up',
    Array.from({ length: 20 }, (_, n) => ({ email: `p${n}@huadong.example` })),
  );
  await look(firm, 'slow');
  await look(firm, 'quick');
  const calls = makeCalls(firm);
  await expect.poll(async () => (await callsOf(firm)).filter(({ state }) => state === 'done').length, { timeout: 10_000 }).toBe(20);
  expect((await callsOf(firm)).filter(({ state }) => state === 'claimed').length).toBeLessThanOrEqual(8);
  expect(slow.received.length).toBeLessThanOrEqual(8);

  await firm.pool.query(`update lead set stage = 'customer'`);
  await firm.pool.query(`update enrolment set due_at = clock() where state = 'active'`);
  await look(firm, 'slow');
  await calls;
  await firm.jump('1d');
  await makeCalls(firm);
  const left = (await callsOf(firm)).filter(({ state }) => state !== 'done');
  expect(left).toHaveLength(20);
  expect(left.every(({ state, reason }) => state === 'cancelled' && reason === 'left_step')).toBe(true);
});

test('a worker that vanished leaves its calls to the next; a paused campaign and a stopped workspace call nobody', async () => {
  const crm = await receiver();
  const firm = await calling(crm.url);
  await firm.pool.query(
    `update outgoing_call set state = 'claimed', token = gen_random_uuid(), attempts = 1, claimed_until_real = now() - interval '1 second'`,
  );
  await firm.post('/v1/campaigns/trial/pause', {});
  await makeCalls(firm);
  expect(crm.received).toHaveLength(0);
  await firm.post('/v1/campaigns/trial/resume', { overdue: 'send' });
  await firm.pool.query('update workspace set sending_stopped_at = clock()');
  await makeCalls(firm);
  expect(crm.received).toHaveLength(0);
  await firm.pool.query('update workspace set sending_stopped_at = null');
  expect(await goOn(firm)).toMatchObject({ endReason: 'told' });
  expect(crm.received).toHaveLength(1);
  expect(await callsOf(firm)).toMatchObject([{ attempts: 2 }]);
});
