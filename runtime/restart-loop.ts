import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { type Loop, loopId } from '../domain/loops.ts';

export interface RestartDeps {
  client: Client;
  prefix: string;
  signal(loop: Loop): Promise<void>;
  /** A workflow task older than this is stuck, real milliseconds. */
  patienceMs?: number;
}

/**
 * Ends a loop that does not answer and starts it anew, which loses nothing since its state is in Postgres. One that is at work, or
 * only has a lot to do, is left alone. Answers whether it was restarted.
 */
export function createRestart({ client, prefix, signal, patienceMs = 60_000 }: RestartDeps): (loop: Loop) => Promise<boolean> {
  return async function restart(loop) {
    const handle = client.workflow.getHandle(prefix + loopId(loop));
    try {
      if (!stuck(await handle.describe(), Date.now() - patienceMs)) return false;
      await handle.terminate('overdue and not answering: started anew by the sweeper');
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    await signal(loop);
    return true;
  };
}

/** Nobody takes its workflow task, or the task fails again and again: code that cannot replay, or a queue without workers. */
function stuck({ status, raw }: WorkflowExecutionDescription, since: number): boolean {
  if (status.name !== 'RUNNING') return true;
  const scheduled = raw.pendingWorkflowTask?.originalScheduledTime?.seconds;
  return scheduled !== undefined && scheduled !== null && Number(scheduled) * 1_000 < since;
}
