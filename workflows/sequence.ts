import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { SequenceActivities, SequenceRun } from '../activities/sequence.ts';
import { type Look, loop } from './loop.ts';
import { show } from './show.ts';

const { advanceRun } = proxyActivities<SequenceActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** One run of a sequence: letters in one thread and tasks between them, until somebody answers. */
export async function sequence(run: SequenceRun): Promise<void> {
  async function look(): Promise<Look> {
    const found = await advanceRun(run);
    // Where the namespace cannot show cases, and in histories older than that, the look comes alone.
    if (typeof found === 'string' || !('show' in found)) return found;
    show(found.show);
    return found.look;
  }
  if ((await loop(look)) === 'continue') await continueAsNew<typeof sequence>(run);
}
