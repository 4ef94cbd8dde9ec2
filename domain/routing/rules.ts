import { type Condition, type ConditionScope, type Leaf, parseSegment } from '../conditions/condition.ts';
import { type Alternative, leavesOfAlternative, territoryChecks } from './checks.ts';
import { partsOfWhen, type RoutingDocument, type RoutingRule, territory } from './document.ts';

/** A rule made ready. */
export interface Rule {
  key: string;
  name: string | null;
  /** Any of them is enough; null: it holds of everybody. */
  when: readonly Alternative[] | null;
  /** A condition that cannot be read, such as one of a segment that is gone: the rule holds of nobody, and says why. */
  fault: string | null;
  /** Null for a rule that marks only. */
  to: RoutingRule['to'] | null;
  vip: boolean;
  hold: string | null;
  /** It names the account, its people or the pool asked for, so it comes before a pool that somebody asked for. */
  standing: boolean;
}

export interface Rules {
  /** Version of the document; null for the usual ones, and for one that is only tried. */
  version: number | null;
  rules: readonly Rule[];
  /** What conditions look at, so that it can be loaded for many leads at once. */
  leaves: readonly Leaf[];
}

/** Makes a document ready to route by. Never throws: what cannot be read is a fault of its rule. */
export function rulesOf(document: RoutingDocument, version: number | null, scope: ConditionScope): Rules {
  const rules = document.rules.map((rule) => ruleOf(rule, scope));
  return { version, rules, leaves: rules.flatMap(({ when }) => (when ?? []).flatMap(leavesOfAlternative)) };
}

function ruleOf(rule: RoutingRule, scope: ConditionScope): Rule {
  const { key, name = null, to = null, vip = false, hold = null } = rule;
  const base = { key, name, to, vip, hold, standing: isStanding(rule) };
  const given = alternativesOf(rule);
  if (given === null) return { ...base, when: null, fault: null };
  try {
    return { ...base, when: given.map((one) => alternative(one, scope)), fault: null };
  } catch (error) {
    return { ...base, when: [], fault: (error as Error).message };
  }
}

function alternative(given: Readonly<Record<string, unknown>>, scope: ConditionScope): Alternative {
  const { short, rest } = partsOfWhen(given);
  const condition: Condition | null = Object.keys(rest).length > 0 ? parseSegment(rest, scope) : null;
  return { checks: territoryChecks(territory.parse(short)), condition };
}

/** The alternatives of a rule's `when`, as they stand in the document; null where it holds of everybody. */
export const alternativesOf = ({ when }: RoutingRule): readonly Readonly<Record<string, unknown>>[] | null =>
  when === undefined ? null : Array.isArray(when) ? when : [when];

/** Whether a rule is looked at although a pool was asked for: it names who is there already, the accounts, or that very pool. */
export function isStanding(rule: RoutingRule): boolean {
  if (rule.to?.owner) return true;
  const given = alternativesOf(rule);
  return given !== null && given.every((one) => 'accounts' in one || 'pool' in one);
}
