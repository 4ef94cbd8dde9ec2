import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { inject, vi } from 'vitest';
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

/** A namespace of somebody who knows `rep` as something else: our search attributes cannot be had there. Answers its name. */
export async function namespaceWhereRepIsANumber(): Promise<string> {
  const namespace = `test-${randomBytes(5).toString('hex')}`;
  const connection = await Connection.connect({ address: inject('services').temporalAddress });
  try {
    const day = { seconds: 86_400 as never };
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: day });
    const { INDEXED_VALUE_TYPE_INT } = proto.temporal.api.enums.v1.IndexedValueType;
    const add = () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { rep: INDEXED_VALUE_TYPE_INT } });
    // The server's parts learn of a new namespace one after the other.
    await vi.waitFor(add, { timeout: 20_000, interval: 250 });
    return namespace;
  } finally {
    await connection.close();
  }
}
