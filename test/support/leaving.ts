import { createOffboardActivities } from '../../activities/offboard.ts';
import type { Loop } from '../../domain/loops.ts';
import type { Look } from '../../workflows/loop.ts';
import { mailOfTests } from './nurture.ts';
import type { Workspace } from './workspace.ts';

/** The job's activity, without Temporal: looks until it is done. Answers whom it poked. */
export async function handOverAll({ pool }: Workspace, rep: string): Promise<Loop[]> {
  const poked: Loop[] = [];
  const log = { error() {} } as never;
  const { handOver } = createOffboardActivities({ pool, mail: mailOfTests, log, poke: (loop) => void poked.push(loop) });
  for (let looks = 0; looks < 60; looks++) {
    const found: Look = await handOver({ rep });
    if (found === 'done') return poked;
    if (found !== 'again') await new Promise((resolve) => setTimeout(resolve, Math.min(found.sleepMs ?? 0, 200)));
  }
  throw new Error('the handing over did not come to an end');
}

/** Who has what: `account`, `opportunity`, `task`, by owner. */
export async function ownersOf({ pool }: Workspace, table: 'account' | 'opportunity' | 'task'): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ key: string | null; count: number }>(
    `select r.key, count(*)::int as count from ${table} t left join rep r on r.id = t.owner_rep_id group by r.key order by r.key`,
  );
  return Object.fromEntries(rows.map(({ key, count }) => [key ?? 'nobody', count]));
}
