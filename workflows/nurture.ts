import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { NurtureActivities } from '../activities/nurture.ts';
import { loop } from './loop.ts';

const { advance } = proxyActivities<NurtureActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** Carries every enrolment of one campaign whose slot is in the range. */
export async function nurture(range: { campaignId: string; from: number; to: number }): Promise<void> {
  if ((await loop(() => advance(range))) === 'continue') await continueAsNew<typeof nurture>(range);
}
