import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import { type Look, loop } from '../../../workflows/loop.ts';

const { look } = proxyActivities<{ look(): Promise<Look> }>({ startToCloseTimeout: '30 seconds' });

/** The one loop with an activity that the test answers. */
export async function looping(): Promise<void> {
  if ((await loop(look)) === 'continue') await continueAsNew<typeof looping>();
}
