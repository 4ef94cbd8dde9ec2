import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { dueLoops, sleepingLoops } from '../../../db/sweep.ts';
import { loopId } from '../../../domain/loops.ts';
import { createDatabase } from '../../support/database.ts';

/** A database with one lead and one live campaign, and what is due in it. */
async function firm() {
  const { pool, drop } = await createDatabase();
  onTestFinished(drop);
  const lead = await one(pool, `insert into lead (email) values ('mei@huadong.example') returning id, slot`);
  const campaign = await one(pool, `insert into campaign (key, name, state) values ('trial', 'Trial', 'live') returning id`);
  const version = await one(
    pool,
    `insert into campaign_version (campaign_id, number, body) values ('${campaign.id}', 1, '{}') returning id`,
  );
  return {
    pool,
    lead,
    campaign,
    enrolment: (dueAt: string) =>
      one(
        pool,
        `insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, due_at, entered_at)
         values ('${campaign.id}', '${version.id}', '${lead.id}', ${lead.slot}, 'welcome', clock(), ${dueAt}, clock()) returning id`,
      ),
    due: async () => (await dueLoops(pool)).map(({ loop }) => loopId(loop)),
  };
}

async function one(pool: Pool, sql: string): Promise<{ id: string; slot: number }> {
  return (await pool.query<{ id: string; slot: number }>(sql)).rows[0]!;
}

test('an empty workspace has nothing due', async () => {
  const { due } = await firm();
  expect(await due()).toEqual([]);
});

test('an enrolment is due when its time has come, and not while its campaign is paused', async () => {
  const { pool, campaign, enrolment, due } = await firm();
  const { id } = await enrolment(`clock() + interval '1 hour'`);
  expect(await due()).toEqual([]);
  await pool.query('update enrolment set due_at = clock() where id = $1', [id]);
  expect(await due()).toEqual([`nurture/${campaign.id}/0-255`]);
  await pool.query(`update campaign set state = 'paused'`);
  expect(await due()).toEqual([]);
});

test('a woken enrolment and a candidate are due; a candidate that needs its score waits for it', async () => {
  const { pool, lead, campaign, enrolment, due } = await firm();
  const { id } = await enrolment(`clock() + interval '1 hour'`);
  const nurture = `nurture/${campaign.id}/0-255`;
  await pool.query('insert into wake (campaign_id, slot, enrolment_id) values ($1, $2, $3)', [campaign.id, lead.slot, id]);
  expect(await due()).toEqual([nurture]);
  await pool.query('delete from wake');

  await pool.query('insert into candidate (campaign_id, slot, lead_id, event_at, needs_score) values ($1, $2, $3, clock(), true)', [
    campaign.id,
    lead.slot,
    lead.id,
  ]);
  expect(await due()).toEqual([nurture]);
  await pool.query('insert into score_wake (lead_id, slot) values ($1, $2)', [lead.id, lead.slot]);
  expect(await due()).toEqual(['scoring/0-255']);
});

test('with several ranges only the one with something due is named', async () => {
  const { pool, lead, due } = await firm();
  await pool.query('update workspace set ranges = 4');
  await pool.query('insert into score_wake (lead_id, slot) values ($1, $2)', [lead.id, lead.slot]);
  const from = Math.floor(lead.slot / 64) * 64;
  expect(await due()).toEqual([`scoring/${from}-${from + 63}`]);
});

test('a mail is due unless its lane, its campaign or everything is stopped; a batch without an answer always is', async () => {
  const { pool, lead, campaign, due } = await firm();
  await pool.query(
    `insert into send (send_key, class, lane, template, lead_id, campaign_id) values ('a', 'marketing', 'marketing', 'welcome', $1, $2)`,
    [lead.id, campaign.id],
  );
  expect(await due()).toEqual(['delivery/marketing']);
  for (const stop of [
    `update lane set stopped_reason = 'bad credentials'`,
    `update lane set held_until_real = now() + interval '1 hour'`,
    `update workspace set sending_stopped_at = clock()`,
    `update campaign set state = 'paused'`,
  ]) {
    await pool.query(stop);
    expect(await due(), stop).toEqual([]);
    await pool.query(`update lane set stopped_reason = null, held_until_real = null`);
    await pool.query(`update workspace set sending_stopped_at = null`);
    await pool.query(`update campaign set state = 'live'`);
  }
  await pool.query(`update send set state = 'in_flight'`);
  await pool.query(
    `insert into departure (token, lane, until_real) select gen_random_uuid(), lane, now() - interval '10 minutes' from send`,
  );
  await pool.query(`update workspace set sending_stopped_at = clock()`);
  expect(await due()).toEqual(['delivery/marketing']);
});

test('of the cases the urgent come first', async () => {
  const { pool, lead, due } = await firm();
  const other = await one(pool, `insert into lead (email) values ('jan@kiel.example') returning id`);
  const { id: poolId } = await one(pool, `insert into pool (key, name) values ('sales', 'Sales') returning id`);
  const open = (leadId: string, urgent: boolean) =>
    one(
      pool,
      `insert into opportunity (lead_id, pool_id, source, urgent, next_look_at) values ('${leadId}', '${poolId}', 'form', ${urgent}, clock()) returning id`,
    );
  const patient = await open(lead.id, false);
  const urgent = await open(other.id, true);
  expect(await due()).toEqual([`qualification/${urgent.id}`, `qualification/${patient.id}`]);
});

test('overdue is a matter of real time: a frozen clock that jumped leaves nothing overdue', async () => {
  const { pool, enrolment } = await firm();
  await pool.query(`update workspace set clock_anchor_at = '2026-03-02', clock_anchor_real = now(), clock_rate = 0`);
  await enrolment(`clock() + interval '30 days'`);
  await pool.query(`update workspace set clock_anchor_at = '2026-06-01', clock_anchor_real = now()`);
  expect((await dueLoops(pool))[0]!.overdueMs).toBeLessThan(60_000);

  await pool.query(`update workspace set clock_anchor_real = now() - interval '10 minutes'`);
  expect((await dueLoops(pool))[0]!.overdueMs).toBeGreaterThanOrEqual(600_000);

  await pool.query(
    `update workspace set clock_anchor_at = '2026-06-01', clock_anchor_real = now() - interval '10 minutes', clock_rate = 8640`,
  );
  await pool.query(`update enrolment set due_at = clock() - interval '1 day'`);
  expect((await dueLoops(pool))[0]!.overdueMs).toBeCloseTo(10_000, -3);
});

test('every loop that carries something can be named, due or not', async () => {
  const { pool, campaign } = await firm();
  expect((await sleepingLoops(pool)).map(loopId)).toEqual([
    `nurture/${campaign.id}/0-255`,
    'scoring/0-255',
    'delivery/marketing',
    'delivery/transactional',
    'delivery/internal',
    'delivery/personal',
  ]);
});
