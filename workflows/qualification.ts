import { defineSearchAttributeKey } from '@temporalio/common';
import { continueAsNew, proxyActivities, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { QualificationActivities, Shown } from '../activities/qualification.ts';
import { type Look, loop } from './loop.ts';

const { lookAfter } = proxyActivities<QualificationActivities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' });

/** One opportunity, from the queue until it is closed: assigned, accepted, talked to, and an outcome. */
export async function qualification(opportunity: { opportunityId: string }): Promise<void> {
  async function look(): Promise<Look> {
    const found = await lookAfter(opportunity);
    // Where the namespace cannot show cases, and in histories older than that, the look comes alone.
    if (found === 'done' || !('show' in found)) return found;
    show(found.show);
    return found.look;
  }
  if ((await loop(look)) === 'continue') await continueAsNew<typeof qualification>(opportunity);
}

/** Puts on Temporal's own pages what has changed. */
function show(shown: Shown): void {
  const standing = workflowInfo().typedSearchAttributes;
  const changed = Object.entries(shown)
    .map(([name, value]: [string, string | null]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }))
    .filter(({ key, value }) => (standing.get(key) ?? null) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}
