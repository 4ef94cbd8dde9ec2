import type { Stage } from '../lifecycle.ts';

/** How a lead stands with sales, besides its score. */
export interface Standing {
  stage: Stage;
  test: boolean;
  /** With sales at this moment. */
  openOpportunity: boolean;
  /** Rejected for now: when sales may have it back. Of the last opportunity that was closed; null: no such date. */
  resumeAt: Date | null;
  /** The score before this one; null: never scored. */
  before: { qualified: boolean; computedAt: Date } | null;
}

const FOR_SALES: readonly Stage[] = ['subscriber', 'lead', 'mql', 'lost'];

/**
 * Whether a lead that meets the standard goes to sales now: when it newly meets it, or when the date has come on which sales
 * wanted it back. Never a test lead, a customer, one who is disqualified, or one whom sales has already.
 */
export function handsOver(standing: Standing, now: Date): boolean {
  const { stage, test, openOpportunity, resumeAt, before } = standing;
  if (test || openOpportunity || !FOR_SALES.includes(stage)) return false;
  if (resumeAt !== null && resumeAt > now) return false;
  return !before?.qualified || (resumeAt !== null && resumeAt > before.computedAt);
}
