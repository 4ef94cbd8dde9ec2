import { CancellationScope, continueAsNew, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { OffboardActivities } from '../activities/offboard.ts';
import { loop } from './loop.ts';

const { handOver, giveUpHandingOver } = proxyActivities<OffboardActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
});

/** The job that hands over what somebody has who leaves. Cancelled, they stay, with what is still theirs. */
export async function offboard(who: { rep: string }): Promise<void> {
  let ended: 'done' | 'continue';
  try {
    ended = await loop(() => handOver(who));
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => giveUpHandingOver(who));
    throw error;
  }
  if (ended === 'continue') await continueAsNew<typeof offboard>(who);
}
