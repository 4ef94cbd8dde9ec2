import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Shown } from '../activities/qualification.ts';

/** Puts on Temporal's own pages what has changed. */
export function show(shown: Shown): void {
  const standing = workflowInfo().typedSearchAttributes;
  const changed = Object.entries(shown)
    .map(([name, value]: [string, string | null]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }))
    .filter(({ key, value }) => (standing.get(key) ?? null) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}
