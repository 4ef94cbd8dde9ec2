import { parseSegment } from '../conditions/condition.ts';
import { conditionWords } from '../conditions/evaluate.ts';
import { parseTest, testWords } from '../conditions/test.ts';
import { listed, type Seen } from './checks.ts';
import { ownRules, partsOfWhen, type RoutingRule } from './document.ts';
import type { Passed, Routed } from './route.ts';
import { alternativesOf } from './rules.ts';

const ways = { 'account owner': ' (who has the account)', 'open opportunity': ' (who has another opportunity of the account)', named: '' };

/** Where a lead went and by which rule, in words: `to freja, in the pool inside, by the rule ‘The Nordics’`. */
export function routedWords({ rule, name, to, by, skills, language, hold, vip }: Routed): string {
  const whom = to.rep === undefined ? `to the pool ${to.pool}` : `to ${to.rep}${by === undefined ? '' : ways[by]}, in the pool ${to.pool}`;
  const why =
    rule === ownRules.asked ? 'which was asked for' : rule === ownRules.catchAll ? 'as no rule held' : `by the rule ‘${name ?? rule}’`;
  const only = [...(skills ? [`who knows ${skills.join(' and ')}`] : []), ...(language ? [`who speaks ${language}`] : [])];
  return [
    `${whom}, ${why}`,
    ...(only.length > 0 ? [`for somebody ${only.join(' and ')}`] : []),
    ...(hold ? [`held up to ${hold} for somebody to be in`] : []),
    ...(vip ? [`green channel by ‘${vip}’`] : []),
  ].join('; ');
}

/** A rule in words, for those who read them all. */
export function ruleInWords(rule: RoutingRule): { key: string; name: string | null; when: string; to: string } {
  const given = alternativesOf(rule);
  const when = given === null ? 'everybody' : given.map(alternativeWords).join('; or ');
  const marks = [...(rule.hold ? [`held up to ${rule.hold}`] : []), ...(rule.vip ? ['green channel'] : [])];
  return { key: rule.key, name: rule.name ?? null, when, to: [...(rule.to ? [goalWords(rule.to)] : []), ...marks].join(', ') };
}

function alternativeWords(given: Readonly<Record<string, unknown>>): string {
  const { short, rest } = partsOfWhen(given);
  const parts = Object.entries(short).map(([key, wanted]) => {
    if (key !== 'employees') return `${key} ${listed([wanted].flat().map(String))}`;
    return `${key} ${testWords(parseTest(wanted))}`;
  });
  if (Object.keys(rest).length === 0) return parts.join(' and ');
  const condition = parseSegment(rest, anySegment);
  const words = conditionWords(condition);
  return [...parts, parts.length > 0 && 'any' in condition ? `(${words})` : words].join(' and ');
}

/** A segment is told by its name: what is in it need not be known. */
const anySegment = { segment: () => ({ tag: '' }) };

function goalWords({ owner, rep, pool, skills, language }: NonNullable<RoutingRule['to']>): string {
  const whom = owner === undefined ? rep : owner === 'account' ? 'who has the account' : 'who has another opportunity of the account';
  const only = [
    ...(skills ? [`who knows ${skills.join(' and ')}`] : []),
    ...(language ? [`who speaks ${language === 'lead' ? "the lead's language" : language}`] : []),
  ];
  return [...(whom ? [whom] : []), ...(pool ? [`${whom ? 'in ' : ''}the pool ${pool}`] : []), ...only].join(', ');
}

/** What the rule that decided saw, and why those before it did not: a line each. */
export function routedFacts({ seen, before, beforeMore, queue, to }: Routed): string[] {
  return [
    ...seen.map((one) => `yes: ${seenWords(one)}`),
    ...before.map((one) => `not ‘${one.rule}’: ${passedWords(one)}`),
    ...(beforeMore ? [`nor ${beforeMore} more rules before it`] : []),
    ...(queue ? [`in the pool ${to.pool} by ‘${queue}’`] : []),
  ];
}

/** `country DE (wanted: DK, NO, SE)`. */
function seenWords({ what, wanted, value }: Seen): string {
  const was = value === null || value === '' ? 'not known' : value === true ? 'yes' : value === false ? 'no' : String(value);
  return `${what}: ${was}${wanted === undefined ? '' : ` (wanted: ${wanted})`}`;
}

function passedWords(passed: Passed): string {
  if ('nobody' in passed) return passed.nobody === 'account' ? 'nobody has the account' : 'nobody has another opportunity of the account';
  if ('gone' in passed) return `${passed.gone} is not there`;
  if ('passedOn' in passed) return `${passed.passedOn} has passed it on`;
  if ('asked' in passed) return `the pool ${passed.asked} was asked for`;
  if ('fault' in passed) return `it cannot be read: ${passed.fault}`;
  return passed.seen.map(seenWords).join('; ');
}

/** One line for the card of this rep; null where the rotation alone decided. */
export function routedShort({ rule, name, by, vip, to }: Routed, rep: string | undefined): string | null {
  if (by && to.rep !== rep) return null;
  if (by === 'account owner') return 'It is your account.';
  if (by === 'open opportunity') return 'You have another opportunity of this company.';
  if (vip) return 'The managers know of it: green channel.';
  return rule === ownRules.asked || rule === ownRules.catchAll ? null : `Routed by ‘${name ?? rule}’.`;
}

/** What the journal or an opportunity keeps of its routing; null for one of before there was any. */
export function asRouted(given: unknown): Routed | null {
  const one = given as Partial<Routed> | null | undefined;
  return one &&
    typeof one === 'object' &&
    typeof one.rule === 'string' &&
    typeof one.to?.pool === 'string' &&
    Array.isArray(one.seen) &&
    Array.isArray(one.before)
    ? (one as Routed)
    : null;
}
