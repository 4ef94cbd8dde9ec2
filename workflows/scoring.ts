import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { ScoringActivities, ScoringRange } from '../activities/scoring.ts';
import { loop } from './loop.ts';

const { rescore } = proxyActivities<ScoringActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** Scores every lead whose slot is in the range: when something happens to it, and when fading crosses a threshold. */
export async function scoring(range: ScoringRange): Promise<void> {
  if ((await loop(() => rescore(range))) === 'continue') await continueAsNew<typeof scoring>(range);
}
