import type { Config } from '../../runtime/config.ts';
import { createTemporalClient } from '../../runtime/temporal-client.ts';
import { sweeperId } from '../../runtime/temporal-namespace.ts';

/** Ends every workflow and the schedule of a test's workspace, so that a shared server does not work for those who are gone. */
export async function cleanTemporal(address: string, config: Config): Promise<void> {
  const { client, close } = createTemporalClient({ ...config, TEMPORAL_ADDRESS: address });
  try {
    const ends: Promise<unknown>[] = [client.schedule.getHandle(sweeperId(config.TEMPORAL_PREFIX)).delete()];
    const query = `WorkflowId STARTS_WITH '${config.TEMPORAL_PREFIX}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.workflow.list({ query })) {
      ends.push(client.workflow.getHandle(workflowId).terminate('the test is over'));
    }
    await Promise.allSettled(ends);
  } finally {
    await close();
  }
}
