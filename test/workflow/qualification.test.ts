import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { addLeads, handToSales, mailsAbout, opportunity, story } from '../support/sales.ts';
import { workspace } from '../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';

test('nobody answers: the real loop walks the ladder to the manager and the breach as the clock is jumped from rung to rung', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
  await firm.pool.query(`insert into rep (key, name, email, manager) values ('mia', 'Mia', 'mia@firm.example', true)`);
  await firm.startWorker();
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  firm.poke({ kind: 'qualification', opportunityId: id! });
  await firm.settle();
  for (const rung of [1, 2, 3, 4, 5]) {
    await firm.jump((await opportunity(firm.pool, id!)).nextLookAt!);
    await firm.settle();
    expect(await opportunity(firm.pool, id!)).toMatchObject({ state: 'offered', rung });
  }
  expect(await story(firm.pool, id!)).toEqual([
    'handed_off',
    'offered',
    'nudged',
    'backup_asked',
    'passed_on',
    'offered',
    'escalated',
    'sla_breached',
  ]);
  expect(await mailsAbout(firm.pool, id!)).toHaveLength(6);
});

test('an answer given while no worker runs is followed up when one is there again', async () => {
  const firm = await workspace({ reps: ['ana'], at: MONDAY });
  await firm.startWorker();
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  firm.poke({ kind: 'qualification', opportunityId: id! });
  await firm.settle();
  await firm.stopWorker();
  expect((await firm.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' })).status).toBe(200);
  await firm.jump('4h');
  await firm.startWorker();
  await firm.settle();
  for (let n = 0; n < 50 && (await opportunity(firm.pool, id!)).rung === 0; n++) await sleep(100);
  expect(await story(firm.pool, id!)).toEqual(['handed_off', 'offered', 'opportunity_accepted', 'stage_changed', 'nudged']);
});
