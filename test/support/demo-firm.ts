import { readDemo, readDemoFolder } from '../../demo/documents.ts';
import { inTransaction } from '../../db/pool.ts';
import { putPool } from '../../db/pools.ts';
import { type NewRep, putReps } from '../../db/reps.ts';
import { type Workspace, workspace } from './workspace.ts';

/** A firm with the demo's topics, segments, reps and pools, and these of its campaigns saved; a frozen clock, the worker running. */
export async function demoFirm(campaigns: readonly string[], at: string): Promise<Workspace> {
  const segments = await readDemoFolder<{ key: string }>('segments');
  const firm = await workspace({
    at,
    documents: {
      topics: { default: await readDemo('topics') },
      standard: { default: await readDemo('standard') },
      scoring: { default: await readDemo('scoring') },
      sla: { default: await readDemo('sla') },
      segment: Object.fromEntries(segments.map((segment) => [segment.key, segment])),
    },
  });
  const reps = await readDemo<NewRep[]>('reps');
  const pools = await readDemo<Parameters<typeof putPool>[1][]>('pools');
  await inTransaction(firm.pool, async (tx) => {
    await putReps(tx, reps);
    for (const pool of pools) await putPool(tx, pool);
  });
  for (const key of campaigns) {
    const saved = await firm.post('/v1/campaigns', await readDemo(`campaigns/${key}`));
    if (!saved.ok) throw new Error(`${key}: ${await saved.text()}`);
  }
  await firm.startWorker();
  return firm;
}

/** Launches campaigns that are saved, in this order. */
export async function launchSaved(firm: Workspace, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    const launched = await firm.post(`/v1/campaigns/${key}/launch`);
    if (!launched.ok) throw new Error(`${key}: ${await launched.text()}`);
  }
}
