import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { activityBeat } from './activity-beat.ts';
import type { Config } from './config.ts';
import { connectionOptions, type TemporalSettings } from './temporal-client.ts';
import { prepareNamespace } from './temporal-namespace.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface WorkerDeps {
  config: Config & TemporalSettings;
  client: Client;
  /** Every activity by name, given what the namespace can do. */
  activities(namespace: { showsCases: boolean }): object;
  log: Logger;
}

/** Real milliseconds between attempts to reach Temporal: doubled up to the longest. */
const RETRY = { first: 500, longest: 10_000 };

/**
 * How long a workflow's code may run without a pause. Ours runs for milliseconds, but a process that was frozen and thawed in that
 * moment would be past the SDK's five seconds, and Node does not survive that timeout ("async hook stack has become corrupted").
 * The SDK takes this option but leaves it out of its types. Milliseconds.
 */
const PATIENT = { isolateExecutionTimeout: 3_600_000 };

/**
 * A worker that stays: it connects when Temporal is there, and again when it was lost; the process lives on meanwhile.
 * `started` resolves when it first polls. `stop` lets what is under way finish within SHUTDOWN_GRACE.
 */
export function createTendrilWorker({ config, client, activities, log }: WorkerDeps): { started: Promise<void>; stop(): Promise<void> } {
  const stopping = new AbortController();
  let worker: Worker | undefined;
  let polls: () => void;
  const started = new Promise<void>((resolve) => (polls = resolve));

  async function runOnce(): Promise<void> {
    const connection = await NativeConnection.connect(connectionOptions(config));
    try {
      const namespace = await prepareNamespace({ client, config, log });
      worker = await Worker.create({
        connection,
        namespace: config.TEMPORAL_NAMESPACE,
        taskQueue: config.TEMPORAL_TASK_QUEUE,
        workflowBundle: await workflowBundle(),
        activities: activities(namespace),
        interceptors: { activity: [activityBeat] },
        maxCachedWorkflows: config.WORKER_CACHED_WORKFLOWS,
        maxConcurrentActivityTaskExecutions: config.WORKER_ACTIVITIES,
        shutdownGraceTime: config.SHUTDOWN_GRACE * 1_000,
        shutdownForceTime: config.SHUTDOWN_GRACE * 1_000 + 2_000,
        ...PATIENT,
      });
      if (stopping.signal.aborted) return;
      const running = worker.run();
      log.info({ taskQueue: config.TEMPORAL_TASK_QUEUE }, 'the worker runs');
      polls();
      await running;
    } finally {
      worker = undefined;
      await connection.close();
    }
  }

  async function stay(): Promise<void> {
    installRuntime(log);
    let wait = RETRY.first;
    while (!stopping.signal.aborted) {
      const since = Date.now();
      try {
        await runOnce();
      } catch (error) {
        log.warn({ err: error, retryMs: wait }, 'Temporal is not reachable or the worker failed; it will be tried again');
      }
      if (stopping.signal.aborted) return;
      if (Date.now() - since > 60_000) wait = RETRY.first;
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => {});
      wait = Math.min(wait * 2, RETRY.longest);
    }
  }

  const life = stay();
  return {
    started,
    async stop() {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await life;
    },
  };
}

let runtimeInstalled = false;

/** The SDK has one runtime a process. It must not listen for signals: our own shutdown has an order. */
function installRuntime(log: Logger): void {
  if (runtimeInstalled) return;
  runtimeInstalled = true;
  const sdk = log.child({ part: 'temporal' });
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} } },
    logger: {
      log: (level, message, meta) =>
        level === 'ERROR' ? sdk.error(plain(meta), message) : level === 'WARN' ? sdk.warn(plain(meta), message) : undefined,
      trace() {},
      debug() {},
      info() {},
      warn: (message, meta) => sdk.warn(plain(meta), message),
      error: (message, meta) => sdk.error(plain(meta), message),
    },
  });
}

/** What of the SDK's log fields is worth keeping: no payloads. */
function plain(meta: Record<string | symbol, unknown> = {}): object {
  const { error, workflowId, workflowType, activityType, attempt } = meta as Record<string, unknown>;
  return { err: error, workflowId, workflowType, activityType, attempt };
}
