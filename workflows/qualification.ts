import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { QualificationActivities } from '../activities/qualification.ts';
import { loop } from './loop.ts';

const { lookAfter } = proxyActivities<QualificationActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** One opportunity, from the queue until it is closed: assigned, accepted, talked to, and an outcome. */
export async function qualification(opportunity: { opportunityId: string }): Promise<void> {
  if ((await loop(() => lookAfter(opportunity))) === 'continue') await continueAsNew<typeof qualification>(opportunity);
}
