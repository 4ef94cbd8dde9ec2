import { expect, test } from 'vitest';
import { chores } from '../../../activities/chores.ts';
import { inTransaction } from '../../../db/pool.ts';
import { releaseOffers } from '../../../db/queue.ts';
import { addLeads, bodyOf, handToSales, lookingAfter, opportunity } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

test('reps and pools are put, read, and put again', async () => {
  const firm = await workspace();
  const ana = {
    key: 'ana',
    name: 'Ana López',
    email: 'ana@firm.example',
    timezone: 'Europe/Madrid',
    hours: { days: 'mon-thu', from: '08:00', to: '16:00' },
  };
  const put = await firm.put('/v1/reps', { items: [ana, { key: 'mia', name: 'Mia', email: 'mia@firm.example', manager: true }] });
  expect(put.status).toBe(200);
  expect((await bodyOf<{ items: unknown[] }>(firm.get('/v1/reps'))).items).toMatchObject([
    ana,
    { key: 'mia', manager: true, timezone: 'UTC', absentFrom: null },
  ]);
  const pool = await firm.put('/v1/pools/inside', { name: 'Inside sales', members: [{ rep: 'ana', weight: 2 }, { rep: 'mia' }] });
  expect(await pool.json()).toMatchObject({
    key: 'inside',
    given: 0,
    queued: 0,
    members: [
      { rep: 'ana', weight: 2, present: true },
      { rep: 'mia', weight: 1 },
    ],
  });
  expect((await firm.put('/v1/pools/inside', { name: 'Inside', members: [{ rep: 'zoe' }] })).status).toBe(422);
  expect((await firm.put('/v1/reps', { items: [ana, ana] })).status).toBe(422);
  expect((await firm.put('/v1/reps', { items: [{ ...ana, timezone: 'Mars/Olympus' }] })).status).toBe(422);
});

test('who goes away loses unanswered offers to the others at once; what was accepted stays', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const [kept, , lost] = (await handToSales(firm.pool, await addLeads(firm.pool, 4))) as [string, string, string];
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: kept });
  await firm.post(`/v1/opportunities/${kept}/accept`, { rep: 'ana' });
  expect((await opportunity(firm.pool, lost)).owner).toBe('ana');
  expect((await firm.post('/v1/reps/ana/absence', { from: '2026-11-23T09:00:00Z' })).status).toBe(200);
  await lookAfter({ opportunityId: lost });
  expect(await opportunity(firm.pool, lost)).toMatchObject({ state: 'offered', owner: 'ben' });
  expect(await opportunity(firm.pool, kept)).toMatchObject({ state: 'accepted', owner: 'ana' });
  // An absence that was said before begins by itself; what Ben has not answered by then waits for somebody, and the customer's clock goes on.
  expect((await firm.post('/v1/reps/ben/absence', { from: '2026-11-23T10:00:00Z' })).status).toBe(200);
  await firm.jump('61m');
  const begun = chores.find(({ name }) => name.includes('absence has begun'))!;
  expect(await inTransaction(firm.pool, (tx) => begun.run(tx))).toContainEqual({ kind: 'qualification', opportunityId: lost });
  await lookAfter({ opportunityId: lost });
  expect(await opportunity(firm.pool, lost)).toMatchObject({ state: 'queued', owner: null });
  const { rows } = await firm.pool.query('select ladder_since as since from opportunity where id = $1', [lost]);
  expect(rows).toEqual([{ since: new Date('2026-11-23T09:00:00Z') }]);
  expect((await firm.post('/v1/reps/zoe/absence', { from: null })).status).toBe(404);
  expect((await firm.post('/v1/reps/ana/absence', { from: '2026-11-24T09:00:00Z', to: '2026-11-23T09:00:00Z' })).status).toBe(422);
});

test('offers of who goes away are locked in the order of their ids', async () => {
  const firm = await workspace({ reps: ['ana'], at: '2026-11-23T09:00:00Z' });
  const [low, high] = (await handToSales(firm.pool, await addLeads(firm.pool, 2))).toSorted() as [string, string];
  await lookingAfter(firm.pool).lookAfter({ opportunityId: low });
  // Written anew, so that it lies behind the other.
  await firm.pool.query(`update opportunity set next_look_at = next_look_at + interval '1 second' where id = $1`, [low]);
  const { rows: away } = await firm.pool.query<{ id: string }>(`update rep set absent_from = clock() where key = 'ana' returning id`);

  const other = await firm.pool.connect();
  await other.query('begin');
  await other.query('select from opportunity where id = $1 for no key update', [low]);
  const releasing = inTransaction(firm.pool, (tx) => releaseOffers(tx, away[0]!.id));
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await firm.pool.query(waiting)).rowCount).toBe(1);
  const free = await other.query('select from opportunity where id = $1 for no key update skip locked', [high]);
  await other.query('commit');
  other.release();
  expect(await releasing).toEqual([low, high]);
  expect(free.rowCount).toBe(1);
});
