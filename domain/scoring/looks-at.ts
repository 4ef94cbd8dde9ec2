import type { z } from 'zod';
import { type Condition, type ConditionDocument, type Leaf, leavesOf, parseCondition } from '../conditions/condition.ts';
import { leafWords } from '../conditions/evaluate.ts';

/** Refines a condition's schema: only these kinds of leaf, and no segments. `rule` says so to whoever wrote another. */
export function mayOnlyLookAt(kinds: readonly Leaf['kind'][], rule: string) {
  return (given: ConditionDocument, ctx: z.RefinementCtx): void => {
    const tree = tryParse(given);
    if (!tree) return void ctx.addIssue({ code: 'custom', message: rule });
    for (const leaf of leavesOf(tree)) {
      if (!kinds.includes(leaf.kind)) ctx.addIssue({ code: 'custom', message: `${rule}, not at '${leafWords(leaf)}'` });
    }
  };
}

/** Null where the condition is faulty, which its own schema has told already, or names a segment. */
function tryParse(given: ConditionDocument): Condition | null {
  try {
    return parseCondition(given);
  } catch {
    return null;
  }
}
