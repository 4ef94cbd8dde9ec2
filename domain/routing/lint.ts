import type { ConditionScope } from '../conditions/condition.ts';
import { segmentFaults } from '../conditions/segment-faults.ts';
import type { Finding } from '../finding.ts';
import { meantIssues, plainFault } from '../plain-faults.ts';
import { same } from '../workspace/same.ts';
import { mendName } from '../workspace/nearest.ts';
import type { Vocabulary } from '../workspace/vocabulary.ts';
import { partsOfWhen, type RoutingDocument, type RoutingRule, routingSchema } from './document.ts';
import { alternativesOf, isStanding } from './rules.ts';
import { attributeNames } from './subject.ts';

/** The workspace as far as rules may name it. */
export interface RoutingSurroundings extends ConditionScope {
  pools: ReadonlySet<string>;
  reps: ReadonlySet<string>;
  vocabulary?: Vocabulary | undefined;
}

const finding = (level: Finding['level'], path: string, reason: string, mend: string): Finding => ({
  level,
  path,
  reason,
  mend,
});

/** Everything wrong with a routing document in this workspace. Without an error it may be stored. */
export function lintRouting(given: unknown, around: RoutingSurroundings): Finding[] {
  const parsed = routingSchema.safeParse(given, { error: plainFault });
  if (!parsed.success)
    return parsed.error.issues
      .flatMap(meantIssues)
      .map(({ path, message, code }) =>
        finding(
          'error',
          path.join('.'),
          message,
          code === 'unrecognized_keys' ? 'check the spelling, or leave it out' : 'see docs/routing.md',
        ),
      );
  const { rules } = parsed.data;
  return [
    ...rules.flatMap((rule, i) => [
      ...twice(rules, rule, i),
      ...nameFindings(rule, `rules.${i}`, around),
      ...whenFindings(rule, `rules.${i}`, around),
      ...unreachable(rules, rule, i),
    ]),
    ...ownerFindings(parsed.data),
  ];
}

function twice(rules: readonly RoutingRule[], { key }: RoutingRule, i: number): Finding[] {
  const first = rules.findIndex((rule) => rule.key === key);
  return first < i
    ? [finding('error', `rules.${i}.key`, `'${key}' is also the key of rules.${first}`, `give it its own, e.g. ${key}-2`)]
    : [];
}

function nameFindings({ to, when }: RoutingRule, path: string, around: RoutingSurroundings): Finding[] {
  const found: Finding[] = [];
  if (to?.rep !== undefined && !around.reps.has(to.rep))
    found.push(finding('error', `${path}.to.rep`, `there is no rep '${to.rep}'`, mendName(to.rep, around.reps, 'reps.yaml')));
  if (to?.pool !== undefined && !around.pools.has(to.pool))
    found.push(finding('error', `${path}.to.pool`, `there is no pool '${to.pool}'`, mendName(to.pool, around.pools, 'pools.yaml')));
  for (const one of alternativesOf({ key: '', when }) ?? [])
    for (const pool of [one['pool'] ?? []].flat() as string[])
      if (!around.pools.has(pool))
        found.push(finding('error', `${path}.when.pool`, `there is no pool '${pool}'`, mendName(pool, around.pools, 'pools.yaml')));
  return found;
}

function whenFindings(rule: RoutingRule, path: string, around: RoutingSurroundings): Finding[] {
  const given = alternativesOf(rule) ?? [];
  return given.flatMap((one, n) => {
    const at = given.length > 1 || Array.isArray(rule.when) ? `${path}.when.${n}` : `${path}.when`;
    const { short, rest } = partsOfWhen(one);
    const faults = Object.keys(rest).length > 0 ? segmentFaults(null, rest, around, around.vocabulary) : [];
    const found = faults.map(({ reason, mend }) => finding('error', at, reason, mend));
    if ('postcode' in short && !('country' in short))
      found.push(finding('warning', `${at}.postcode`, 'a postcode without a country holds in every country', 'say the country beside it'));
    for (const [key, names] of Object.entries(attributeNames))
      if (key in short && around.vocabulary && !isKept(around.vocabulary, names))
        found.push(
          finding(
            'warning',
            `${at}.${key}`,
            `no lead or account attribute tells the ${key}`,
            `add ${names[0]} to attributes.yaml, for leads or accounts`,
          ),
        );
    return found;
  });
}

const isKept = (vocabulary: Vocabulary, names: readonly string[]): boolean =>
  names.some((name) => vocabulary.attribute('lead', name).length === 0 || vocabulary.attribute('account', name).length === 0);

/** A rule that an earlier one always anticipates. */
function unreachable(rules: readonly RoutingRule[], rule: RoutingRule, i: number): Finding[] {
  const earlier = rules.slice(0, i).find((one) => anticipates(one, rule));
  return earlier
    ? [
        finding(
          'error',
          `rules.${i}`,
          `is never reached: '${earlier.key}' holds of all it would hold of`,
          `put it before '${earlier.key}', or leave it out`,
        ),
      ]
    : [];
}

/**
 * Whether an earlier rule decides of every lead that a later one could. One that goes to a person may find them gone, or not theirs; what follows it
 * then says who is next.
 */
export function anticipates(earlier: RoutingRule, later: RoutingRule): boolean {
  if (!earlier.to || !later.to || !covers(earlier, later)) return false;
  const { owner, rep } = earlier.to;
  if (owner !== undefined) return owner === later.to.owner;
  if (rep !== undefined && rep !== later.to.rep) return false;
  return isStanding(earlier) || !isStanding(later);
}

function covers(wide: RoutingRule, narrow: RoutingRule): boolean {
  const outer = partsOf(wide);
  if (outer === null) return true;
  const inner = partsOf(narrow);
  return inner !== null && inner.every((one) => outer.some((other) => within(one, other)));
}

/** One alternative of a rule, with its lists as sets. */
interface Alternative {
  given: Readonly<Record<string, unknown>>;
  lists: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Each rule is compared with all before it: it is taken apart once. */
const known = new WeakMap<RoutingRule, Alternative[] | null>();

function partsOf(rule: RoutingRule): Alternative[] | null {
  const before = known.get(rule);
  if (before !== undefined) return before;
  const made = alternativesOf(rule)?.map((given) => ({ given, lists: listsOf(partsOfWhen(given).short) })) ?? null;
  known.set(rule, made);
  return made;
}

const listsOf = (short: Readonly<Record<string, unknown>>): Map<string, Set<string>> =>
  new Map(
    Object.entries(short)
      .filter(([key]) => key !== 'employees')
      .map(([key, value]) => [key, new Set([value].flat().map(String))]),
  );

/** Whether whoever meets `one` meets `other`: that asks for nothing else, and each of its lists has all that is listed here. */
function within(one: Alternative, other: Alternative): boolean {
  return Object.entries(other.given).every(([key, wanted]) => {
    if (!(key in one.given)) return false;
    const [mine, all] = [one.lists.get(key), other.lists.get(key)];
    if (!mine || !all) return same(one.given[key], wanted);
    for (const value of mine) if (!all.has(value)) return false;
    return true;
  });
}

/** Colleagues of an account go to whoever has it, unless somebody forgot to say so. */
function ownerFindings({ rules }: RoutingDocument): Finding[] {
  const says = (owner: 'account' | 'opportunity'): boolean => rules.some((rule) => rule.to?.owner === owner);
  const lacks = (owner: 'account' | 'opportunity', whom: string): Finding[] =>
    says(owner)
      ? []
      : [
          finding(
            'warning',
            'rules',
            `no rule says that colleagues go to ${whom}`,
            `put { key: ${owner}-owner, to: { owner: ${owner} } } first, or leave it out on purpose`,
          ),
        ];
  return [
    ...lacks('account', 'whoever has their account'),
    ...lacks('opportunity', 'whoever has another open opportunity of their account'),
  ];
}
