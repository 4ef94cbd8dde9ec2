import { expect, test } from 'vitest';
import { addLeads, bodyOf, handToSales, lookingAfter, type Seen } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';

test('a rep accepts once; the second click learns that it is taken; then talk, and the outcome', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  const leads = await addLeads(firm.pool, 2, { accounts: 1 });
  const [id] = await handToSales(firm.pool, leads);
  await lookingAfter(firm.pool).lookAfter({ opportunityId: id! });

  const accepted = await firm.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' });
  expect(accepted.status).toBe(200);
  expect(await accepted.json()).toMatchObject({
    state: 'accepted',
    owner: { key: 'ana' },
    nextLookAt: '2026-11-23T13:00:00.000Z',
    overdue: false,
  });
  for (const rep of ['ana', 'ben']) expect((await firm.post(`/v1/opportunities/${id}/accept`, { rep })).status).toBe(409);
  const { rows } = await firm.pool.query<{ owner: string; stages: string[] }>(
    `select r.key as owner, (select array_agg(distinct stage) from lead) as stages from account a join rep r on r.id = a.owner_rep_id`,
  );
  expect(rows).toEqual([{ owner: 'ana', stages: ['sal'] }]);

  expect(await (await firm.post(`/v1/opportunities/${id}/touch`, {})).json()).toMatchObject({ state: 'touched' });
  const won = await firm.post(`/v1/opportunities/${id}/close`, { outcome: 'won', amount: 12_500.5, currency: 'EUR' });
  expect(await won.json()).toMatchObject({ state: 'won', amount: 12_500.5, currency: 'EUR', nextLookAt: null });

  const detail = await bodyOf(firm.get(`/v1/opportunities/${id}`));
  expect(detail.people).toHaveLength(2);
  expect(detail.history.map((line) => line.kind)).toEqual(
    expect.arrayContaining(['handed_off', 'joined', 'offered', 'opportunity_accepted', 'opportunity_touched', 'opportunity_won']),
  );
  const { rows: after } = await firm.pool.query<{ stage: string }>('select distinct stage from lead');
  expect(after).toEqual([{ stage: 'customer' }]);
  const { rows: woken } = await firm.pool.query('select from score_wake where lead_id = $1', [leads[0]]);
  expect(woken.length).toBeGreaterThan(0);
});

test('lists by state, rep, pool and overdue, page by page', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  const ids = await handToSales(firm.pool, await addLeads(firm.pool, 5));
  await lookingAfter(firm.pool).lookAfter({ opportunityId: ids[0]! });
  const page = async (query: string) => bodyOf<{ items: Seen[]; nextCursor: string | null }>(firm.get(`/v1/opportunities?${query}`));
  expect((await page('state=offered&pool=sales')).items).toHaveLength(5);
  expect((await page('rep=ana')).items).toHaveLength(3);
  expect((await page('overdue=true')).items).toHaveLength(0);
  await firm.jump('10m');
  expect((await page('overdue=true')).items).toHaveLength(5);
  const first = await page('limit=3');
  const second = await page(`limit=3&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map((one) => one.id).toSorted()).toEqual(ids.toSorted());
  expect(second.nextCursor).toBeNull();
});

test('a lead is handed over by hand, and given to somebody else by hand', async () => {
  const firm = await workspace({ reps: ['ana', 'ben', 'eva'], at: MONDAY });
  const [lead] = await addLeads(firm.pool, 1);
  const made = await firm.post('/v1/opportunities', { lead, note: 'Met at the fair', urgent: true });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as Seen;
  expect((await firm.post('/v1/opportunities', { lead })).status).toBe(200);
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: id });
  expect(await (await firm.post(`/v1/opportunities/${id}/reassign`, { rep: 'eva' })).json()).toMatchObject({
    state: 'queued',
    asked: { key: 'eva' },
  });
  await lookAfter({ opportunityId: id });
  expect(await (await firm.get(`/v1/opportunities/${id}`)).json()).toMatchObject({ state: 'offered', owner: { key: 'eva' }, asked: null });
});

test('what follows a rejection stands with its reason', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  const [later, junk, wrong] = await handToSales(firm.pool, await addLeads(firm.pool, 3));
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: later! });
  const stage = async (id: string) =>
    (await firm.pool.query<{ stage: string }>('select l.stage from lead l join opportunity o on o.lead_id = l.id where o.id = $1', [id]))
      .rows[0]!.stage;

  const recycled = await firm.post(`/v1/opportunities/${later}/reject`, { reason: 'not_now', resumeOn: '2027-01-15', rep: 'ana' });
  expect(await recycled.json()).toMatchObject({ state: 'recycled', resumeAt: '2027-01-15T00:00:00.000Z' });
  expect(await stage(later!)).toBe('lead');
  expect(await (await firm.post(`/v1/opportunities/${junk}/reject`, { reason: 'junk' })).json()).toMatchObject({
    state: 'rejected',
    nextLookAt: null,
  });
  expect(await stage(junk!)).toBe('disqualified');

  const { owner } = await bodyOf(firm.get(`/v1/opportunities/${wrong}`));
  await firm.post(`/v1/opportunities/${wrong}/reject`, { reason: 'wrong_rep', rep: owner.key });
  await lookAfter({ opportunityId: wrong! });
  const rerouted = await bodyOf(firm.get(`/v1/opportunities/${wrong}`));
  expect(rerouted.state).toBe('offered');
  expect(rerouted.owner.key).not.toBe(owner.key);

  await firm.jump('2027-01-15T00:00:00Z');
  expect(await lookAfter({ opportunityId: later! })).toBe('done');
  const { rows } = await firm.pool.query<{ name: string }>(
    `select name from event where properties ->> 'opportunity' = $1 order by at, id`,
    [later],
  );
  expect(rows.map((row) => row.name)).toEqual(['opportunity_rejected', 'opportunity_resumed']);
});
