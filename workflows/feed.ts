import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { FeedActivities } from '../activities/feed.ts';
import { loop } from './loop.ts';

const { feed: look } = proxyActivities<FeedActivities>({ startToCloseTimeout: '2 minutes', heartbeatTimeout: '30 seconds' });

/** Tells other systems what happens here, as long as one of them listens. */
export async function feed(): Promise<void> {
  if ((await loop(() => look())) === 'continue') await continueAsNew<typeof feed>();
}
