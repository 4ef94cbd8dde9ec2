import { describe, expect, test } from 'vitest';
import { accept } from '../../../db/answers.ts';
import { inTransaction } from '../../../db/pool.ts';
import { findRep } from '../../../db/reps.ts';
import { addLeads, handToSales, lookingAfter, mailsAbout, opportunity, story } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

/** A Monday morning, nine o'clock in UTC, where all the reps live. */
const MONDAY = '2026-11-23T09:00:00Z';

async function firm(at = MONDAY) {
  const made = await workspace({ reps: ['ana', 'ben', 'eva'], at });
  await made.pool.query(`insert into rep (key, name, email, manager) values ('mia', 'Mia', 'mia@firm.example', true)`);
  return made;
}

describe('the ladder of an offer nobody answers', () => {
  test('walks from the nudge to the manager and a recorded breach, each mail once', async () => {
    const { pool, jump } = await firm();
    const [id] = await handToSales(pool, await addLeads(pool, 1));
    const { lookAfter } = lookingAfter(pool);

    await lookAfter({ opportunityId: id! });
    expect(await opportunity(pool, id!)).toMatchObject({
      state: 'offered',
      owner: 'ana',
      rung: 0,
      nextLookAt: new Date('2026-11-23T09:05:00Z'),
    });
    for (const minutes of ['5m', '10m', '15m', '30m', '3h']) {
      await jump(minutes);
      await lookAfter({ opportunityId: id! });
      await lookAfter({ opportunityId: id! });
    }
    expect(await mailsAbout(pool, id!)).toEqual([
      'rep-lead-card → ana',
      'rep-nudge → ana',
      'rep-lead-card → ben',
      'rep-lead-card → ben',
      'manager-escalation → mia',
      'sla-breach → mia',
    ]);
    expect(await story(pool, id!)).toEqual([
      'handed_off',
      'offered',
      'nudged',
      'backup_asked',
      'passed_on',
      'offered',
      'escalated',
      'sla_breached',
    ]);
    expect(await opportunity(pool, id!)).toMatchObject({
      state: 'offered',
      owner: 'ben',
      rung: 5,
      breachedAt: new Date('2026-11-23T13:00:00Z'),
    });
  });

  test('over a weekend nothing happens until Monday’s working hours', async () => {
    const { pool, jump } = await firm('2026-11-27T16:57:00Z');
    const [id] = await handToSales(pool, await addLeads(pool, 1));
    const { lookAfter } = lookingAfter(pool);
    await lookAfter({ opportunityId: id! });
    expect((await opportunity(pool, id!)).nextLookAt).toEqual(new Date('2026-11-30T09:02:00Z'));
    await jump('2d');
    expect(await lookAfter({ opportunityId: id! })).toEqual({ sleepMs: null });
    expect(await mailsAbout(pool, id!)).toEqual(['rep-lead-card → ana']);
  });

  test('when the looks were missed for a month, what fell due is done once and there is one reminder, not one a day', async () => {
    const { pool, jump } = await firm();
    const [id] = await handToSales(pool, await addLeads(pool, 1));
    const { lookAfter } = lookingAfter(pool);
    await lookAfter({ opportunityId: id! });
    await jump('30d');
    await lookAfter({ opportunityId: id! });
    await jump('30d');
    await lookAfter({ opportunityId: id! });
    const told = (await mailsAbout(pool, id!)).filter((mail) => mail.endsWith('mia'));
    expect(told).toEqual(['manager-escalation → mia', 'sla-breach → mia']);
    await jump('30d');
    await lookAfter({ opportunityId: id! });
    expect((await mailsAbout(pool, id!)).filter((mail) => mail.endsWith('mia'))).toHaveLength(3);
  });

  test('an acceptance ends it, and the clock runs on until they have talked', async () => {
    const { pool, jump } = await firm();
    const [id] = await handToSales(pool, await addLeads(pool, 1));
    const { lookAfter } = lookingAfter(pool);
    await lookAfter({ opportunityId: id! });
    await jump('4m');
    const ana = (await findRep(pool, 'ana'))!;
    await inTransaction(pool, (tx) => accept(tx, id!, { rep: ana }));
    await jump('1m');
    await lookAfter({ opportunityId: id! });
    expect(await opportunity(pool, id!)).toMatchObject({
      state: 'accepted',
      owner: 'ana',
      rung: 0,
      nextLookAt: new Date('2026-11-23T13:04:00Z'),
    });
    await jump('2d');
    await lookAfter({ opportunityId: id! });
    expect((await mailsAbout(pool, id!)).slice(1)).toEqual(['rep-nudge → ana', 'manager-escalation → mia', 'sla-breach → mia']);
  });
});
