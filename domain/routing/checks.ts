import { type Condition, type Leaf, leavesOf } from '../conditions/condition.ts';
import { evaluate, leafWords } from '../conditions/evaluate.ts';
import { passes, type Test, testWords } from '../conditions/test.ts';
import { fold } from '../conditions/values.ts';
import type { Territory } from './document.ts';
import { inPostcodes, postcodeRange } from './postcode.ts';
import type { Place, Subject } from './subject.ts';
import { storable } from '../storable.ts';

/** Something a rule looked at and what it saw: kept with the opportunity and told in words. */
export interface Seen {
  what: string;
  /** What the rule wants, in words; absent where `what` says it. */
  wanted?: string;
  value: string | number | boolean | null;
}

export interface Check {
  held: boolean;
  seen: Seen;
}

/** One alternative of a rule's `when`, made ready. */
export interface Alternative {
  checks: ((subject: Subject, place: Place) => Check)[];
  condition: Condition | null;
}

/** The checks of a territory's shorthands, each by a set or a short list, whatever their number. */
export function territoryChecks(given: Territory): Alternative['checks'] {
  const checks: Alternative['checks'] = [];
  const among = (what: string, wanted: readonly string[] | undefined, valueOf: (subject: Subject, place: Place) => string | null): void => {
    if (!wanted) return;
    const set = new Set(wanted.map(fold));
    const told = listed(wanted);
    checks.push((subject, place) => {
      const value = valueOf(subject, place);
      return { held: value !== null && set.has(fold(value)), seen: { what, wanted: told, value } };
    });
  };
  among('account', given.accounts, ({ domain }) => domain);
  among('pool asked for', given.pool, ({ asked }) => asked);
  among('product line', given.productLine, ({ productLine }) => productLine);
  among('source', given.source, ({ source }) => source);
  among('country', given.country, (_, { country }) => country);
  among('region', given.region, (_, { region }) => region);
  if (given.postcode) checks.push(postcodeCheck(given.postcode));
  among('industry', given.industry, (_, { industry }) => industry);
  if (given.employees !== undefined) {
    const wanted: Test = typeof given.employees === 'number' ? { eq: given.employees } : given.employees;
    const told = testWords(wanted);
    checks.push((_, { employees }) => ({ held: passes(employees, wanted), seen: { what: 'employees', wanted: told, value: employees } }));
  }
  return checks;
}

function postcodeCheck(wanted: readonly string[]): Alternative['checks'][number] {
  const ranges = wanted.map((one) => postcodeRange(one)!);
  const told = listed(wanted);
  return (_, { postcode }) => {
    const held = postcode !== null && ranges.some((range) => inPostcodes(postcode, range));
    return { held, seen: { what: 'postcode', wanted: told, value: postcode } };
  };
}

/** What an alternative saw: of one that holds everything, of one that does not the first thing that failed. */
export function look({ checks, condition }: Alternative, subject: Subject, place: Place): { held: boolean; seen: Seen[] } {
  const seen: Seen[] = [];
  for (const check of checks) {
    const { held, seen: one } = check(subject, place);
    if (!held) return { held, seen: [one] };
    seen.push(one);
  }
  if (!condition) return { held: true, seen };
  const { held, evidence } = evaluate(condition, subject.facts);
  const telling = evidence.filter((one) => one.held === held);
  const told = (telling.length > 0 ? telling : evidence).slice(0, TOLD).map(({ leaf, value }) => leafSeen(leaf, value));
  return { held, seen: held ? [...seen, ...told] : told };
}

/** How many leaves of one condition are told of. */
const TOLD = 6;

function leafSeen(leaf: Leaf, value: unknown): Seen {
  const short = plain(value);
  if (leaf.kind === 'attribute') return { what: `${leaf.of}.${leaf.name}`, wanted: testWords(leaf.test), value: short };
  return { what: leafWords(leaf), value: short };
}

const LONGEST = 100;

function plain(value: unknown): Seen['value'] {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value);
  return text.length > LONGEST ? `${storable(text, LONGEST)}…` : text;
}

const NAMED = 8;

/** The first few of a list: what is kept with each opportunity stays small. */
export function listed(wanted: readonly string[]): string {
  const more = wanted.length - NAMED;
  return more > 0 ? `${wanted.slice(0, NAMED).join(', ')} and ${more} more` : wanted.join(', ');
}

export const leavesOfAlternative = ({ condition }: Alternative): Leaf[] => (condition ? leavesOf(condition) : []);
