import { expect, test } from 'vitest';
import { handOverAll, ownersOf } from '../../support/leaving.ts';
import { addLeads, bodyOf, handToSales, lookingAfter, opportunity, story } from '../../support/sales.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';

interface Shown {
  state: string;
  handedOver: Record<string, number>;
  heirs: { rep: { key: string }; by: string[]; things: Record<string, number> }[];
  customersTold: number;
  left: Record<string, number>;
  namedIn: string[];
}

const leaves = (firm: Workspace, rep: string, body: object = {}) => firm.post(`/v1/reps/${rep}/offboard`, body);
const found = (firm: Workspace, rep: string) => bodyOf<Shown>(firm.get(`/v1/reps/${rep}/offboard`));

/** `count` companies of a rep, each with a person and an open opportunity in this state. */
async function companies({ pool }: Workspace, rep: string, count: number, state = 'accepted'): Promise<string[]> {
  const ids = await handToSales(pool, await addLeads(pool, count, { accounts: count }));
  await pool.query(
    `with o as (update opportunity set state = $3, owner_rep_id = (select id from rep where key = $2), accepted_at = clock(), next_look_at = clock() + interval '1 day',
                       touched_at = case when $3 = 'touched' then clock() end where id = any($1) returning account_id)
     update account a set owner_rep_id = (select id from rep where key = $2) from o where a.id = o.account_id`,
    [ids, rep, state],
  );
  return ids;
}

test('who leaves hands over everything: a company’s things to one rep, everybody is told once, and nothing is left', async () => {
  const firm = await workspace({ reps: ['ana', 'ben', 'cleo'], at: MONDAY });
  const [touched] = await companies(firm, 'ana', 1, 'touched');
  await companies(firm, 'ana', 8);
  const offered = await handToSales(firm.pool, await addLeads(firm.pool, 3));
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: offered[0]! });
  const { rows: accounts } = await firm.pool.query<{ id: string }>('select id from account where owner_rep_id is not null order by id');
  for (const { id } of accounts.slice(0, 4)) {
    const made = await firm.post('/v1/tasks', {
      account: id,
      owner: 'ana',
      title: 'Ask about the spare parts',
      kind: 'call',
      due: '1bd',
      tell: false,
    });
    expect(made.status).toBe(201);
  }

  const preview = await bodyOf<Shown & { offersReleased: number; customers: number }>(
    leaves(firm, 'ana', { dryRun: true, tellCustomers: true }),
  );
  expect(preview).toMatchObject({ left: { accounts: 9, opportunities: 9, offers: 1, tasks: 4 }, offersReleased: 1, customers: 1 });
  expect(await ownersOf(firm, 'account')).toEqual({ ana: 9 });

  expect((await leaves(firm, 'ana', { tellCustomers: true })).status).toBe(202);
  const poked = await handOverAll(firm, 'ana');
  expect(poked).toEqual(
    expect.arrayContaining([
      { kind: 'delivery', lane: 'internal' },
      { kind: 'delivery', lane: 'transactional' },
    ]),
  );

  const done = await found(firm, 'ana');
  expect(done).toMatchObject({
    state: 'done',
    handedOver: { account: 9, opportunity: 9, task: 4, sequence: 0 },
    customersTold: 1,
    left: { accounts: 0, opportunities: 0, offers: 0, tasks: 0, sequences: 0, drafts: 0, mails: 0, standIns: 0, keys: 0, mailboxes: 0 },
  });
  expect(done.heirs).toEqual(preview.heirs);
  // Fairly: nobody more than one company above the other.
  const shares = Object.values(await ownersOf(firm, 'account'));
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  const { rows: torn } = await firm.pool.query(
    `select from account a left join opportunity o on o.account_id = a.id left join task t on t.account_id = a.id
      where a.owner_rep_id <> o.owner_rep_id or a.owner_rep_id <> t.owner_rep_id`,
  );
  expect(torn).toHaveLength(0);
  const { rows: mails } = await firm.pool.query<{ mail: string }>(
    `select s.template || coalesce(' → ' || r.key, '') as mail from send s left join rep r on r.id = s.rep_id
      where s.template in ('internal-handover', 'rep-changed') order by 1`,
  );
  expect(mails.map(({ mail }) => mail)).toEqual(['internal-handover → ben', 'internal-handover → cleo', 'rep-changed']);

  // The released offer finds somebody else; what was accepted goes on, its promise begun anew.
  for (const opportunityId of offered) await lookAfter({ opportunityId });
  const { rows: open } = await firm.pool.query(`select from opportunity where state = 'queued'`);
  expect(open).toHaveLength(0);
  expect((await ownersOf(firm, 'opportunity'))['ana']).toBeUndefined();
  expect(await opportunity(firm.pool, touched!)).toMatchObject({ state: 'touched', rung: 0 });
  expect(await story(firm.pool, touched!)).toEqual(['handed_off', 'opportunity_handed_over']);
  const doctor = await bodyOf<{ items: { check: string; violations: number }[] }>(firm.get('/v1/doctor'));
  const ours = /^(rep|task|opportunity|offboarding)-/;
  expect(doctor.items.filter(({ check, violations }) => ours.test(check) && violations > 0)).toEqual([]);
});
