import type { Condition } from '../conditions/condition.ts';
import { evaluate, evidenceWords, type LeadFacts, leafWords } from '../conditions/evaluate.ts';

/**
 * What would have to change for a condition to hold, or (`wanted` false) to hold no longer: one line for each thing, with what is seen now.
 * Empty when it is so already.
 */
export function whatWouldChange(tree: Condition, facts: LeadFacts, wanted = true): string[] {
  if (evaluate(tree, facts).held === wanted) return [];
  if ('not' in tree) return whatWouldChange(tree.not, facts, !wanted);
  if ('segment' in tree) return whatWouldChange(tree.is, facts, wanted).map((line) => `segment ${tree.segment}: ${line}`);
  if ('leaf' in tree) {
    const [evidence] = evaluate(tree, facts).evidence;
    const seen = evidence ? / \((.*)\)$/s.exec(evidenceWords(evidence))?.[1] : undefined;
    return [`${wanted ? '' : 'no longer: '}${leafWords(tree.leaf)}${seen === undefined ? '' : ` (now: ${seen})`}`];
  }
  const all = 'all' in tree;
  const parts = (all ? tree.all : tree.any).map((part) => whatWouldChange(part, facts, wanted)).filter((lines) => lines.length > 0);
  // Every part has to change where all must hold, or none may; any one of them where one is enough.
  return all === wanted || parts.length < 2 ? parts.flat() : [parts.map((lines) => lines.join(' and ')).join(', or ')];
}
