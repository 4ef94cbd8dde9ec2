import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { SegmentActivities } from '../activities/segments.ts';
import { loop } from './loop.ts';

const { keepSegments } = proxyActivities<SegmentActivities>({ startToCloseTimeout: '2 minutes', heartbeatTimeout: '30 seconds' });

/** Knows the members of every segment that brings people into a campaign. */
export async function segments(): Promise<void> {
  if ((await loop(() => keepSegments())) === 'continue') await continueAsNew<typeof segments>();
}
