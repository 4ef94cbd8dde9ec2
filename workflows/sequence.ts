import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { SequenceActivities, SequenceRun } from '../activities/sequence.ts';
import { loop } from './loop.ts';

const { advanceRun } = proxyActivities<SequenceActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** One run of a sequence: letters in one thread and tasks between them, until somebody answers. */
export async function sequence(run: SequenceRun): Promise<void> {
  if ((await loop(() => advanceRun(run))) === 'continue') await continueAsNew<typeof sequence>(run);
}
