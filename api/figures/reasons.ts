import { lossReasons } from '../../db/deals.ts';
import type { Queryable } from '../../db/pool.ts';
import { rejectionReasons } from '../../db/rejections.ts';

type Labels = Readonly<Record<string, { label: string }>>;

/** What the keys of reasons are called today. */
export async function reasonLabels(tx: Queryable): Promise<{ rejections: Labels; losses: Labels }> {
  return { rejections: await rejectionReasons(tx), losses: (await lossReasons(tx)).reasons };
}

/** Reasons with their names; one that is not in the standard any more has none. */
export const labelled = <Given extends { reason: string | null }>(
  given: readonly Given[],
  labels: Labels,
): (Given & { label: string | null })[] =>
  given.map((one) => ({ ...one, label: one.reason !== null && Object.hasOwn(labels, one.reason) ? labels[one.reason]!.label : null }));
