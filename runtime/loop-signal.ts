import type { Client } from '@temporalio/client';
import { type Loop, loopId } from '../domain/loops.ts';

/** Longest a signal may take, real milliseconds; after that the sweeper makes up for it. */
const DEADLINE_MS = 5_000;

/** Where a thousand runs begin at once, all that is urgent goes before them: Temporal's own order within the queue, where it keeps one. */
const LAST = { priority: { priorityKey: 5 } };

export interface LoopSignalDeps {
  client: Client;
  taskQueue: string;
  /** Put before every workflow id, where several deployments share a namespace. */
  prefix: string;
}

/** Makes the one call a poke is: `signalWithStart`, so that a loop which is not running starts with its first look. */
export function createLoopSignal({ client, taskQueue, prefix }: LoopSignalDeps): (loop: Loop) => Promise<void> {
  return async function signal(loop) {
    const { kind, ...carries } = loop;
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.signalWithStart(kind, {
        taskQueue,
        workflowId: prefix + loopId(loop),
        args: [carries],
        signal: 'poke',
        ...(kind === 'sequence' && LAST),
      }),
    );
  };
}
