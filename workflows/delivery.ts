import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { DeliveryActivities, DeliveryLane } from '../activities/delivery.ts';
import { loop } from './loop.ts';

const { deliver } = proxyActivities<DeliveryActivities>({ startToCloseTimeout: '2 minutes', heartbeatTimeout: '10 seconds' });

/** Carries every mail of one lane from the queue to the mail server. */
export async function delivery(lane: DeliveryLane): Promise<void> {
  if ((await loop(() => deliver(lane))) === 'continue') await continueAsNew<typeof delivery>(lane);
}
