import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { assignQueue } from '../../../activities/qualification/assign.ts';
import { accept } from '../../../db/answers.ts';
import { inTransaction } from '../../../db/pool.ts';
import { loopsOfHandOff } from '../../../db/opportunities.ts';
import { findRep, putReps, setAbsence } from '../../../db/reps.ts';
import { putPool } from '../../../db/pools.ts';
import { retryQueues } from '../../../db/queue.ts';
import { bound } from '../../../domain/routing/rotation.ts';
import { listenedTo } from '../../support/scoring.ts';
import { addLeads, handToSales, lookingAfter, mailsAbout, onlyPool, opportunity, story } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';
const mail = { publicUrl: 'http://tendril.test', secret: 'a secret of the tests, long enough' };

describe('one open opportunity per account', () => {
  test('two leads of one account handed over at the same moment share one opportunity', async () => {
    const { pool } = await workspace({ reps: ['ana'] });
    const leads = await addLeads(pool, 6, { accounts: 1 });
    const ids = (await Promise.all(leads.map((lead) => handToSales(pool, [lead])))).flat();
    expect(new Set(ids).size).toBe(1);
    expect((await story(pool, ids[0]!)).toSorted()).toEqual(['handed_off', 'joined', 'joined', 'joined', 'joined', 'joined']);
    const { rows } = await pool.query('select from opportunity_lead');
    expect(rows).toHaveLength(6);
  });

  test('in one call too; another product line is another opportunity; handing over again changes nothing', async () => {
    const { pool } = await workspace({ reps: ['ana'] });
    const leads = await addLeads(pool, 3, { accounts: 1 });
    const first = await handToSales(pool, leads);
    expect(new Set(first).size).toBe(1);
    expect(await handToSales(pool, leads)).toEqual(first);
    expect((await story(pool, first[0]!)).length).toBe(3);
    expect((await handToSales(pool, leads, { productLine: 'service' }))[0]).not.toBe(first[0]);
  });

  test('a lead without an account has its own; after it is closed the next is new', async () => {
    const { pool } = await workspace({ reps: ['ana'] });
    const leads = await addLeads(pool, 2);
    const [one, two] = await handToSales(pool, leads);
    expect(one).not.toBe(two);
    await pool.query(`update opportunity set state = 'lost', closed_at = clock(), next_look_at = null where id = $1`, [one]);
    expect((await handToSales(pool, leads))[0]).not.toBe(one);
  });

  test('who joins pokes the mail to the owner as well', () => {
    const opened = { opportunityId: 'o1', leadId: 'a', created: true };
    const joined = { opportunityId: 'o1', leadId: 'b', created: false };
    expect(loopsOfHandOff([opened])).toEqual([{ kind: 'qualification', opportunityId: 'o1' }]);
    expect(loopsOfHandOff([opened, joined])).toEqual([
      { kind: 'qualification', opportunityId: 'o1' },
      { kind: 'delivery', lane: 'internal' },
    ]);
  });

  test('a workspace without a pool gets one: nobody stands nowhere', async () => {
    const { pool } = await workspace();
    const [id] = await handToSales(pool, await addLeads(pool, 1), { pool: 'no such pool' });
    const { lookAfter } = lookingAfter(pool);
    expect(await lookAfter({ opportunityId: id! })).toMatchObject({ sleepMs: expect.any(Number) });
    expect(await opportunity(pool, id!)).toMatchObject({ state: 'queued', owner: null, nextLookAt: expect.any(Date) });
  });
});

describe('giving out a queue', () => {
  test('what comes at once is given out by the first look, in a fixed number of statements a pass, every share within its bound', async () => {
    const weights = { ana: 3, ben: 2, eva: 1, kai: 1 };
    const { pool } = await workspace({ reps: weights, at: MONDAY });
    const ids = await handToSales(pool, await addLeads(pool, 3_000));
    const statements: string[] = [];
    const { lookAfter } = lookingAfter(listenedTo(pool, (statement) => statements.push(statement)));
    await lookAfter({ opportunityId: ids[0]! });

    const { rows } = await pool.query<{ rep: keyof typeof weights; n: number }>(
      `select r.key as rep, count(*)::int as n from opportunity o join rep r on r.id = o.owner_rep_id where o.state = 'offered' group by 1`,
    );
    expect(rows.reduce((sum, row) => sum + row.n, 0)).toBe(3_000);
    for (const { rep, n } of rows) expect(Math.abs(n - (3_000 * weights[rep]) / 7)).toBeLessThanOrEqual(bound(4) + 1e-6);
    const { rows: mails } = await pool.query(`select from send where template = 'rep-lead-card'`);
    expect(mails).toHaveLength(3_000);
    expect(statements.length).toBeLessThan(4 * 17);
    const { rows: due } = await pool.query<{ due: Date }>('select distinct next_look_at as due from opportunity');
    expect(due).toEqual([{ due: new Date('2026-11-23T09:05:00Z') }]);
  });

  test('an urgent one that comes in meanwhile is given out by the next pass', async () => {
    const { pool } = await workspace({ reps: ['ana'] });
    await handToSales(pool, await addLeads(pool, 25));
    const id = await onlyPool(pool);
    await inTransaction(pool, (tx) => assignQueue(tx, mail, id, 10));
    const [urgent] = await handToSales(pool, await addLeads(pool, 1), { urgent: true });
    await inTransaction(pool, (tx) => assignQueue(tx, mail, id, 10));
    expect((await opportunity(pool, urgent!)).state).toBe('offered');
    const { rows } = await pool.query(`select from opportunity where state = 'queued'`);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('four workers give 10,000 to exactly one rep each, and every share keeps its bound', async () => {
    const weights = { ana: 5, ben: 3, eva: 2, kai: 1 };
    const { pool } = await workspace({ reps: weights, at: MONDAY });
    const ids = await handToSales(pool, await addLeads(pool, 10_000));
    const passes = [0, 0, 0, 0];
    const poolId = await onlyPool(pool);
    const work = async (worker: number): Promise<void> => {
      for (;;) {
        const done = await inTransaction(pool, (tx) => assignQueue(tx, mail, poolId, 250));
        if (done?.looked === 0) return;
        // Somebody else has the pool: as a loop would, but sooner.
        if (!done) await sleep(2);
        else passes[worker]!++;
      }
    };
    await Promise.all(passes.map((_, worker) => work(worker)));

    const { rows } = await pool.query<{ offers: number; offered: number; mails: number }>(
      `select (select count(*)::int from journal where kind = 'offered') as offers,
              (select count(distinct opportunity_id)::int from journal where kind = 'offered') as offered,
              (select count(*)::int from send where template = 'rep-lead-card') as mails`,
    );
    expect(rows).toEqual([{ offers: ids.length, offered: ids.length, mails: ids.length }]);
    const { rows: shares } = await pool.query<{ rep: keyof typeof weights; n: number; given: number }>(
      `select r.key as rep, count(*)::int as n, m.given from opportunity o join rep r on r.id = o.owner_rep_id join pool_member m on m.rep_id = r.id
        where o.state = 'offered' group by r.key, m.given`,
    );
    for (const { rep, n, given } of shares) {
      expect(n).toBe(given);
      expect(Math.abs(n - (10_000 * weights[rep]) / 11)).toBeLessThanOrEqual(bound(4) + 1e-6);
    }
    expect(passes.filter((n) => n > 0).length).toBeGreaterThan(1);
  });

  test('who has the account gets its next lead too, and it counts', async () => {
    const { pool } = await workspace({ reps: ['ana', 'ben'] });
    const leads = await addLeads(pool, 1, { accounts: 1 });
    const { lookAfter } = lookingAfter(pool);
    const [first] = await handToSales(pool, leads);
    await lookAfter({ opportunityId: first! });
    const owner = (await findRep(pool, (await opportunity(pool, first!)).owner!))!;
    await inTransaction(pool, (tx) => accept(tx, first!, { rep: owner }));
    const [second] = await handToSales(pool, leads, { productLine: 'spares' });
    await lookAfter({ opportunityId: second! });
    expect((await opportunity(pool, second!)).owner).toBe(owner.key);
    const { rows } = await pool.query<{ given: number }>('select given from pool');
    expect(rows[0]!.given).toBe(2);
  });

  test('who is absent gets nothing, and three more than their share on the return, in so many leads that nobody is flooded', async () => {
    const { pool } = await workspace({ reps: ['ana', 'ben', 'eva'], at: MONDAY });
    await setAbsence(pool, 'eva', new Date(MONDAY), null);
    const { lookAfter } = lookingAfter(pool);
    const give = async (count: number) => {
      const ids = await handToSales(pool, await addLeads(pool, count));
      await lookAfter({ opportunityId: ids[0]! });
      return (await Promise.all(ids.map((id) => opportunity(pool, id)))).map((one) => one.owner!);
    };
    expect((await give(10)).toSorted()).toEqual([...Array<string>(5).fill('ana'), ...Array<string>(5).fill('ben')]);
    await setAbsence(pool, 'eva', null, null);
    expect((await give(18)).filter((owner) => owner === 'eva')).toHaveLength(6 + 3);
    expect((await give(9)).filter((owner) => owner === 'eva')).toHaveLength(3);
  });

  test('with nobody there they wait in the named queue, the manager hears of it once, and they go out when somebody comes', async () => {
    const { pool, jump } = await workspace({ reps: ['ana'], at: MONDAY });
    await putReps(pool, [{ key: 'mia', name: 'Mia', email: 'mia@firm.example', manager: true }]);
    await setAbsence(pool, 'ana', new Date(MONDAY), new Date('2026-11-24T09:00:00Z'));
    const ids = await handToSales(pool, await addLeads(pool, 3));
    const { lookAfter } = lookingAfter(pool);
    await lookAfter({ opportunityId: ids[0]! });
    await jump('1h');
    await lookAfter({ opportunityId: ids[1]! });
    const { rows } = await pool.query('select template, params from send');
    expect(rows).toMatchObject([{ template: 'queue-unstaffed', params: { waiting: 3 } }]);
    expect((await opportunity(pool, ids[2]!)).state).toBe('queued');

    await setAbsence(pool, 'ana', null, null);
    expect(await retryQueues(pool, null)).toHaveLength(1);
    await lookAfter({ opportunityId: ids[0]! });
    expect(await mailsAbout(pool, ids[2]!)).toEqual(['rep-lead-card → ana']);
  });

  test('changed shares hold from here on', async () => {
    const { pool } = await workspace({ reps: { ana: 1, ben: 1 } });
    const { lookAfter } = lookingAfter(pool);
    const [first] = await handToSales(pool, await addLeads(pool, 10));
    await lookAfter({ opportunityId: first! });
    await inTransaction(pool, (tx) =>
      putPool(tx, {
        key: 'sales',
        name: 'Sales',
        members: [
          { rep: 'ana', weight: 3 },
          { rep: 'ben', weight: 1 },
        ],
      }),
    );
    const ids = await handToSales(pool, await addLeads(pool, 8));
    await lookAfter({ opportunityId: ids[0]! });
    const owners = (await Promise.all(ids.map((id) => opportunity(pool, id)))).map((one) => one.owner);
    expect(owners.filter((owner) => owner === 'ana')).toHaveLength(6);
  });
});

test('who has an opportunity hears of everybody who joins it, once', async () => {
  const { pool } = await workspace({ reps: ['ana'], at: MONDAY });
  const [first, second] = await addLeads(pool, 2, { accounts: 1 });
  const [id] = await handToSales(pool, [first!]);
  await lookingAfter(pool).lookAfter({ opportunityId: id! });
  for (let n = 0; n < 2; n++) await handToSales(pool, [second!]);
  expect(await mailsAbout(pool, id!)).toEqual(['rep-lead-card → ana', 'rep-lead-joined → ana']);
});

test('a look at one who is with a rep already gives out those who came since: in a rush their own looks wait behind it', async () => {
  const { pool } = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  const leads = await addLeads(pool, 3);
  const { lookAfter } = lookingAfter(pool);
  const [first] = await handToSales(pool, leads.slice(0, 1));
  await lookAfter({ opportunityId: first! });
  const later = await handToSales(pool, leads.slice(1));
  await lookAfter({ opportunityId: first! });
  for (const id of later) expect(await opportunity(pool, id)).toMatchObject({ state: 'offered' });
});

test('a look takes along the others that are due, the urgent first; what cannot be looked at holds up nobody', async () => {
  const { pool } = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  const { lookAfter } = lookingAfter(pool);
  const ids = await handToSales(pool, await addLeads(pool, 6));
  await lookAfter({ opportunityId: ids[0]! });
  await pool.query(`update opportunity set next_look_at = clock(), rung_due_at = null, offered_at = clock() - interval '1 hour'`);
  await pool.query('update opportunity set urgent = id = any($1)', [[ids[2], ids[4]]]);
  await pool.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
    create trigger refuse before update on opportunity for each row when (old.id = '${ids[4]}') execute function refuse()`);
  await lookAfter({ opportunityId: ids[0]! });
  const { rows } = await pool.query<{ id: string }>(`select opportunity_id as id from journal j where kind = 'nudged' order by j.id`);
  expect(rows.map(({ id }) => ids.indexOf(id))).toEqual([0, 2, 1, 3, 5]);
  await expect(lookAfter({ opportunityId: ids[4]! })).rejects.toThrow('not this one');
});
