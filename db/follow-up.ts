import { plus } from '../domain/calendar/duration.ts';
import { DONE } from '../domain/tasks/task.ts';
import { readClock } from './clock.ts';
import type { Queryable } from './pool.ts';
import { loadSla } from './sla.ts';
import { openTasks } from './tasks.ts';

/** A task that something a person did asks for. */
export interface FollowUp {
  taskKey: string;
  title: string;
  leadId: string;
  /** Null: of no campaign. */
  campaignId: string | null;
  /** Key of whose it is; null: the lead's owner's. */
  rep: string | null;
  test: boolean;
}

/** Opens a task for the next business day. Answers its id; null where it is there already, or the firm has nobody who could do it. */
export async function openFollowUp(tx: Queryable, { rep, ...task }: FollowUp): Promise<string | null> {
  const { rows } = await tx.query<{ timezone: string; staffed: boolean }>(
    'select timezone, exists (select from rep where active) as staffed from workspace',
  );
  const { timezone, staffed } = rows[0]!;
  if (!staffed) return null;
  const [{ now }, sla] = [await readClock(tx), await loadSla(tx)];
  const { hours, holidays } = sla.work({ hours: null, timezone });
  const { opened } = await openTasks(tx, [
    {
      ...task,
      to: rep === null ? { who: 'owner' } : { who: 'rep', key: rep },
      pool: null,
      enrolmentId: null,
      stepId: null,
      outcomes: [DONE],
      once: false,
      awaited: false,
      dueAt: plus(now, '1bd', timezone, { hours, holidays }),
    },
  ]);
  return opened[0] ?? null;
}
