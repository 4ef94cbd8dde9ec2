import type { Condition } from '../conditions/condition.ts';
import { evaluate, type Evidence, type LeadFacts } from '../conditions/evaluate.ts';

/** The least that would have to change for a condition to hold: of alternatives, the nearest one. Empty when it holds. */
export function missingFrom(tree: Condition, facts: LeadFacts): Evidence[] {
  const { held, evidence } = evaluate(tree, facts);
  if (held) return [];
  if ('all' in tree) return tree.all.flatMap((part) => missingFrom(part, facts));
  if ('any' in tree)
    return tree.any.map((part) => missingFrom(part, facts)).reduce((least, one) => (one.length < least.length ? one : least));
  if ('segment' in tree) return missingFrom(tree.is, facts);
  return evidence;
}
