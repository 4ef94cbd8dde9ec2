import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Look } from '../../../workflows/loop.ts';

const logger = new DefaultLogger('ERROR');
Runtime.install({ logger, shutdownSignals: [] });
const bundle = bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('looping.ts', import.meta.url)), logger });

/** A running loop whose looks the test answers, one after the other. `looks` counts those begun. */
export async function watchedLoop(look: (n: number) => Promise<Look> | Look) {
  const { temporalAddress: address } = inject('services');
  const taskQueue = `loop-${randomBytes(5).toString('hex')}`;
  const [connection, native] = await Promise.all([Connection.connect({ address }), NativeConnection.connect({ address })]);
  const { workflow } = new Client({ connection, namespace: 'tendril' });
  let looks = 0;
  const worker = await Worker.create({
    connection: native,
    namespace: 'tendril',
    taskQueue,
    workflowBundle: await bundle,
    activities: { look: async () => look(++looks) },
    shutdownGraceTime: 500,
  });
  const running = worker.run();
  const workflowId = taskQueue;
  const poke = () => workflow.signalWithStart('looping', { taskQueue, workflowId, args: [], signal: 'poke' });
  await poke();

  return {
    poke,
    looks: () => looks,
    runId: async () => (await workflow.getHandle(workflowId).describe()).runId,
    status: async () => (await workflow.getHandle(workflowId).describe()).status.name,
    /** How many timers the server was asked for. */
    async timers(): Promise<number> {
      const { events } = await workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes).length;
    },
    async end(): Promise<void> {
      await workflow
        .getHandle(workflowId)
        .terminate('the test is over')
        .catch(() => {});
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), native.close()]);
    },
  };
}
