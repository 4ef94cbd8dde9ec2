import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { QualificationActivities } from '../activities/qualification.ts';
import { type Look, loop } from './loop.ts';
import { show } from './show.ts';

const { lookAfter } = proxyActivities<QualificationActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** One opportunity, from the queue until it is closed: assigned, accepted, talked to, and an outcome. */
export async function qualification(opportunity: { opportunityId: string }): Promise<void> {
  async function look(): Promise<Look> {
    const found = await lookAfter(opportunity);
    // Where the namespace cannot show cases, and in histories older than that, the look comes alone.
    if (typeof found === 'string' || !('show' in found)) return found;
    show(found.show);
    return found.look;
  }
  if ((await loop(look)) === 'continue') await continueAsNew<typeof qualification>(opportunity);
}
