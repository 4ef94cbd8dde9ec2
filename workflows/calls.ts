import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { CallActivities, CallLane } from '../activities/calls.ts';
import { loop } from './loop.ts';

const { call } = proxyActivities<CallActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** Carries every request to other systems of one lane. */
export async function calls(lane: CallLane): Promise<void> {
  if ((await loop(() => call(lane))) === 'continue') await continueAsNew<typeof calls>(lane);
}
