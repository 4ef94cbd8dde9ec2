import { type Loop, slotRanges } from '../domain/loops.ts';
import type { Queryable } from './pool.ts';

/** The loops that carry a campaign, by the ranges the workspace is divided into. */
export async function nurtureLoops(tx: Queryable, campaignId: string): Promise<Loop[]> {
  const { rows } = await tx.query<{ ranges: number }>('select ranges from workspace');
  return slotRanges(rows[0]!.ranges).map((range) => ({ kind: 'nurture', campaignId, ...range }));
}
