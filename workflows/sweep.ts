import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep.ts';

const { sweepOnce } = proxyActivities<SweepActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});

/** Started by a schedule every few seconds; what one sweep misses, the next one finds. */
export async function sweep(): Promise<void> {
  await sweepOnce();
}
