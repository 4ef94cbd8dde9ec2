import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { offboardChores } from '../../activities/offboard.ts';
import { doctor } from '../../db/doctor.ts';
import { inTransaction } from '../../db/pool.ts';
import { loopId } from '../../domain/loops.ts';
import { createTemporalClient } from '../../runtime/temporal-client.ts';
import { begin, saveSequence, sequenceOf } from '../support/sequences.ts';
import { bodyOf } from '../support/sales.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';
const patient = { timeout: 30_000, interval: 50 };
const COMPANIES = 1_200;

interface Shown {
  state: string;
  error: string | null;
  handedOver: Record<string, number>;
  left: Record<string, number>;
}
const found = (firm: Workspace) => bodyOf<Shown>(firm.get('/v1/reps/ana/offboard'));

/** Companies of ana's with a task each. */
async function companies({ pool }: Workspace, count: number): Promise<void> {
  await pool.query(
    `with firms as (
       insert into account (name, owner_rep_id) select 'Firm ' || n, r.id from generate_series(1, $1::int) n, rep r where r.key = 'ana' returning id, owner_rep_id)
     insert into task (task_key, title, owner_rep_id, account_id, source, due_at, next_look_at)
     select 'hand/' || id, 'Call', owner_rep_id, id, 'hand', clock() + interval '1 day', clock() + interval '1 day' from firms`,
    [count],
  );
}

test('the job is torn down in the middle and goes on: each thing once, what comes late too, runs of sequences as well', async () => {
  const firm = await workspace({ reps: ['ana', 'ben', 'cleo'], at: MONDAY });
  await companies(firm, COMPANIES);
  await saveSequence(
    firm,
    sequenceOf({
      steps: [
        { id: 'rest', wait: '3bd' },
        { id: 'hello', mail: { subject: 'Pumps', text: 'Shall we talk?' } },
      ],
    }),
  );
  await firm.pool.query(
    `with l as (insert into lead (email) values ('mei@huadong.example') returning id) insert into lead_identity select 'email', 'mei@huadong.example', id from l`,
  );
  await begin(firm, ['mei@huadong.example']);
  await firm.startWorker();

  // Somebody holds one of the companies: the thousand that it is among comes to a stop there.
  const holder = await firm.pool.connect();
  await holder.query('begin');
  await holder.query(`select from account where id = (select id from account order by id desc limit 1) for no key update`);
  expect((await firm.post('/v1/reps/ana/offboard', {})).status).toBe(202);
  const stuck = `select pid from pg_stat_activity where datname = current_database() and application_name = 'tendril-worker' and wait_event_type = 'Lock'`;
  await vi.waitFor(async () => expect((await firm.pool.query(stuck)).rowCount).toBeGreaterThan(0), patient);
  await firm.pool.query(`select pg_terminate_backend(pid) from (${stuck}) s`);
  await firm.stopWorker();
  const middle = await found(firm);
  expect(middle.state).toBe('running');
  expect(middle.handedOver['account']! + middle.left['accounts']!).toBe(COMPANIES);
  await holder.query('rollback');
  holder.release();
  // Nobody else may be given anything meanwhile, but a hand of long ago does.
  await firm.pool.query(`insert into account (name, owner_rep_id) select 'Late', id from rep where key = 'ana'`);

  await firm.startWorker();
  firm.poke({ kind: 'offboard', rep: 'ana' });
  await vi.waitFor(async () => expect((await found(firm)).state).toBe('done'), patient);
  const done = await found(firm);
  expect(done).toMatchObject({ error: null, handedOver: { account: COMPANIES + 1, task: COMPANIES, sequence: 1 } });
  expect(Object.values(done.left).every((count) => count === 0)).toBe(true);
  const { rows } = await firm.pool.query<{ moves: number; mails: number; runner: string; torn: number }>(
    `select (select count(*)::int from journal where kind = 'account_reassigned') as moves,
            (select count(*)::int from send where template = 'internal-handover') as mails,
            (select r.key from enrolment e join rep r on r.id = e.rep_id) as runner,
            (select count(*)::int from account a join task t on t.account_id = a.id where t.owner_rep_id <> a.owner_rep_id) as torn`,
  );
  expect(rows[0]).toMatchObject({ moves: COMPANIES + 1, mails: 2, torn: 0 });
  expect(['ben', 'cleo']).toContain(rows[0]!.runner);

  // Given something after the end: the sweeper finds it, and the job goes on.
  await firm.pool.query(`update account set owner_rep_id = (select id from rep where key = 'ana') where name = 'Late'`);
  expect((await doctor(firm.pool)).find(({ check }) => check === 'rep-left')?.violations).toBe(1);
  for (const chore of offboardChores) (await inTransaction(firm.pool, (tx) => chore.run(tx))).forEach(firm.poke);
  await vi.waitFor(async () => expect(await found(firm)).toMatchObject({ state: 'done', handedOver: { account: COMPANIES + 1 } }), patient);
});

test('cancelled in Temporal, the rep stays with what is still theirs', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  await companies(firm, 3);
  const holder = await firm.pool.connect();
  await holder.query('begin');
  await holder.query('select from account for no key update');
  await firm.startWorker();
  expect((await firm.post('/v1/reps/ana/offboard', { to: 'ben' })).status).toBe(202);
  const { config } = firm;
  const { client, close } = createTemporalClient({ ...config, TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS! });
  const job = client.workflow.getHandle(config.TEMPORAL_PREFIX + loopId({ kind: 'offboard', rep: 'ana' }));
  await vi.waitFor(() => job.describe(), patient);
  await job.cancel();
  await sleep(200);
  await holder.query('rollback');
  holder.release();
  await vi.waitFor(async () => expect((await job.describe()).status.name).not.toBe('RUNNING'), patient);
  await close();
  const end = await found(firm);
  expect(['cancelled', 'done']).toContain(end.state);
  expect(
    (await bodyOf<{ items: { key: string; active: boolean }[] }>(firm.get('/v1/reps'))).items.find(({ key }) => key === 'ana')?.active,
  ).toBe(end.state === 'cancelled');
});
