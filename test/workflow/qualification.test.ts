import { setTimeout as sleep } from 'node:timers/promises';
import { defineSearchAttributeKey } from '@temporalio/common';
import { expect, test } from 'vitest';
import { loopId } from '../../domain/loops.ts';
import { createTemporalClient } from '../../runtime/temporal-client.ts';
import { addLeads, handToSales, mailsAbout, opportunity, story } from '../support/sales.ts';
import { namespaceWhereRepIsANumber } from '../support/temporal.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

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

/** What Temporal's own pages tell of a case. */
async function shownInTemporal({ config }: Workspace, id: string) {
  const { client, close } = createTemporalClient({ ...config, TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS! });
  const loop = loopId({ kind: 'qualification', opportunityId: id });
  const { status, typedSearchAttributes } = await client.workflow.getHandle(config.TEMPORAL_PREFIX + loop).describe();
  await close();
  const of = (name: string) => typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD')) ?? null;
  return { status: status.name, rep: of('rep'), account: of('account'), stage: of('stage') };
}

test('whose a case is, of which company and how far, stands on Temporal’s own pages', async () => {
  const firm = await workspace({ reps: ['ana'], at: MONDAY });
  await firm.startWorker();
  const leads = await addLeads(firm.pool, 1);
  await firm.pool.query(
    `with a as (insert into account (name) values ('Huadong Pumps') returning id) update lead set account_id = (table a)`,
  );
  const [id] = await handToSales(firm.pool, leads);
  firm.poke({ kind: 'qualification', opportunityId: id! });
  await firm.settle();
  await expect.poll(() => shownInTemporal(firm, id!)).toMatchObject({ rep: 'ana', account: 'Huadong Pumps', stage: 'offered' });

  expect(await firm.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' })).toHaveStatus(200);
  await expect.poll(() => shownInTemporal(firm, id!)).toMatchObject({ status: 'RUNNING', stage: 'accepted' });
  expect(await firm.post(`/v1/opportunities/${id}/close`, { outcome: 'lost' })).toHaveStatus(200);
  await expect.poll(() => shownInTemporal(firm, id!)).toEqual({ status: 'COMPLETED', rep: 'ana', account: 'Huadong Pumps', stage: 'lost' });
});

test('in a namespace that cannot show cases they are looked after all the same', async () => {
  const namespace = await namespaceWhereRepIsANumber();
  const firm = await workspace({ reps: ['ana'], at: MONDAY, env: { TEMPORAL_NAMESPACE: namespace } });
  await firm.startWorker();
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  firm.poke({ kind: 'qualification', opportunityId: id! });
  await firm.settle();
  expect(await opportunity(firm.pool, id!)).toMatchObject({ state: 'offered', owner: 'ana' });
  expect(await shownInTemporal(firm, id!)).toEqual({ status: 'RUNNING', rep: null, account: null, stage: null });
});
