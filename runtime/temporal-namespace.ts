import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

export interface NamespaceDeps {
  client: Client;
  config: Pick<Config, 'TEMPORAL_NAMESPACE' | 'TEMPORAL_TASK_QUEUE' | 'TEMPORAL_PREFIX' | 'SWEEP_EVERY'>;
  log: Logger;
}

/** What makes Temporal's own UI useful for cases: whose they are, of which company, how far. */
const CASE_ATTRIBUTES = ['rep', 'account', 'stage'];

/**
 * Leaves the namespace as the worker needs it: search attributes of cases, and the sweeper's schedule. Harmless to repeat. Answers
 * whether cases may be shown: a workflow that sets an attribute which the namespace does not know would fail its task for ever.
 */
export async function prepareNamespace({ client, config, log }: NamespaceDeps): Promise<{ showsCases: boolean }> {
  const showsCases = await registerSearchAttributes(client, config.TEMPORAL_NAMESPACE).catch((error: unknown) => {
    log.info({ err: error }, 'the search attributes of cases could not be registered; everything else works');
    return false;
  });
  if (!showsCases) log.info({ attributes: CASE_ATTRIBUTES }, 'cases are not shown in Temporal: these must be keywords of the namespace');
  await scheduleSweeper(client, config);
  return { showsCases };
}

/** The id of the sweeper's schedule. */
export function sweeperId(prefix: string): string {
  return `${prefix}sweep`;
}

async function scheduleSweeper(client: Client, config: NamespaceDeps['config']): Promise<void> {
  const scheduleId = sweeperId(config.TEMPORAL_PREFIX);
  const schedule: ScheduleOptions = {
    scheduleId,
    spec: { intervals: [{ every: config.SWEEP_EVERY * 1_000 }] },
    action: { type: 'startWorkflow', workflowType: 'sweep', workflowId: scheduleId, taskQueue: config.TEMPORAL_TASK_QUEUE, args: [] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  };
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = schedule;
    await client.schedule.getHandle(scheduleId).update((present) => ({ ...present, spec, action, policies }));
  }
}

/** Answers whether all are there, as keywords, once those that were missing have been added. */
async function registerSearchAttributes(client: Client, namespace: string): Promise<boolean> {
  const { operatorService } = client.connection;
  const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;
  const present = async () => (await operatorService.listSearchAttributes({ namespace })).customAttributes;
  const before = await present();
  const missing = CASE_ATTRIBUTES.filter((name) => !(name in before));
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  }
  const after = await present();
  return CASE_ATTRIBUTES.every((name) => after[name] === INDEXED_VALUE_TYPE_KEYWORD);
}
