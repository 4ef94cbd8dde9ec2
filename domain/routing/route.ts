import { look, type Seen } from './checks.ts';
import { ownRules } from './document.ts';
import type { Rule, Rules } from './rules.ts';
import { type Place, placeOf, type Subject } from './subject.ts';

/** Whom a lead may be routed to, by key. */
export interface Staff {
  pools: ReadonlySet<string>;
  /** Active ones; who is only away for some days is among them. */
  reps: ReadonlySet<string>;
  /** The standard's pool, or the oldest: where everybody goes whom no rule sends anywhere. Always one of `pools`. */
  fallback: string;
}

/** Why a rule that stands before the one that decided did not. */
export type Passed = { rule: string } & (
  | { seen: Seen[] }
  /** Nobody has the account, or another opportunity of it. */
  | { nobody: 'account' | 'opportunity' }
  /** The rep or pool it names is not there (any more). */
  | { gone: string }
  /** The rep it names has passed this lead on. */
  | { passedOn: string }
  /** A pool was asked for, and the rule does not say it goes before that. */
  | { asked: string }
  | { fault: string }
);

/** Where a lead goes and why, as data: kept with the opportunity and in the journal. Keys that say nothing are absent. */
export interface Routed {
  version?: number;
  rule: string;
  name?: string;
  /** Who is to have it, and in whose queue it stands. */
  to: { rep?: string; pool: string };
  /** How the rep was found. */
  by?: 'account owner' | 'open opportunity' | 'named';
  seen: Seen[];
  before: Passed[];
  /** How many more rules before it did not hold than are told of. */
  beforeMore?: number;
  /** The rule that says in whose queue it stands, where it is another. */
  queue?: string;
  asked?: string;
  skills?: string[];
  language?: string;
  hold?: string;
  /** Key of the rule that put it into the green channel. */
  vip?: string;
  owners?: { account?: string; opportunity?: string };
}

/** How many of the rules before are told of. */
const TOLD = 12;

/** The rule that decides, and to whom it sends the lead: a rep, or (null) the reps of its pool. */
interface Decided {
  rule: Rule;
  rep: string | null;
  seen: Seen[];
}

/** In whose queue a lead stands, and the rule that says so; null: the pool was asked for, or none says it. */
interface Queue {
  pool: string;
  rule: Rule | null;
}

/**
 * Where a lead goes: the first rule that holds. Where it goes to a rep, the first of the rest that names a pool says in whose queue it stands while
 * they are away. A pool that was asked for comes before all rules but those that name who is there already, the account, or that pool. Pure and
 * total: there is always an answer, in a pool that is there.
 */
export function route({ rules, version }: Rules, staff: Staff, subject: Subject): Routed {
  const place = placeOf(subject.facts);
  const asked = subject.asked !== null && staff.pools.has(subject.asked) ? subject.asked : null;
  const before: Passed[] = [];
  let decided: Decided | null = null;
  for (const rule of rules) {
    if (!rule.to) continue;
    const found = asked !== null && !rule.standing ? { rule: rule.key, asked } : judge(rule, staff, subject, place);
    if ('rep' in found) {
      decided = found;
      break;
    }
    before.push(found);
  }
  const rest = decided ? rules.slice(rules.indexOf(decided.rule)) : [];
  const saysPool = ({ to }: Rule): boolean => to?.pool !== undefined && staff.pools.has(to.pool);
  const own = decided && saysPool(decided.rule) ? decided.rule : null;
  const later = own ?? (asked === null ? (rest.find((rule) => saysPool(rule) && holds(rule, subject, place)) ?? null) : null);
  const queue = { pool: later?.to?.pool ?? asked ?? staff.fallback, rule: later };
  const green = rules.find((rule) => rule.vip && (rule === decided?.rule || (!rule.to && holds(rule, subject, place))));
  return told(version, decided, queue, { before, subject, asked, green });
}

function told(
  version: number | null,
  decided: Decided | null,
  queue: Queue,
  { before, subject, asked, green }: { before: Passed[]; subject: Subject; asked: string | null; green: Rule | undefined },
): Routed {
  const { account, opportunity } = subject.owners;
  const builtIn = asked === null ? ownRules.catchAll : ownRules.asked;
  const { skills, language } = queue.rule?.to ?? {};
  const spoken = language === 'lead' ? subject.language : language;
  const hold = decided?.rule.hold ?? queue.rule?.hold;
  return {
    ...(version !== null && { version }),
    rule: decided?.rule.key ?? builtIn,
    ...(decided?.rule.name && { name: decided.rule.name }),
    to: { ...(decided?.rep && { rep: decided.rep }), pool: queue.pool },
    ...(decided?.rep && { by: wayOf(decided.rule) }),
    seen: decided?.seen ?? [],
    before: before.slice(0, TOLD),
    ...(before.length > TOLD && { beforeMore: before.length - TOLD }),
    ...(decided && queue.rule !== decided.rule && { queue: queue.rule?.key ?? builtIn }),
    ...(asked !== null && { asked }),
    ...(skills && { skills }),
    ...(spoken && { language: spoken }),
    ...(hold && { hold }),
    ...(green && { vip: green.key }),
    ...((account !== null || opportunity !== null) && {
      owners: { ...(account !== null && { account }), ...(opportunity !== null && { opportunity }) },
    }),
  };
}

const wayOf = ({ to }: Rule): NonNullable<Routed['by']> =>
  to?.owner === 'account' ? 'account owner' : to?.owner === 'opportunity' ? 'open opportunity' : 'named';

/** Whether a rule decides of this lead, and to whom it sends it; else why not. */
function judge(rule: Rule, staff: Staff, subject: Subject, place: Place): Decided | Passed {
  const seen = whenHolds(rule, subject, place);
  if (!Array.isArray(seen)) return seen;
  const { owner, rep: named, pool } = rule.to!;
  if (owner === undefined && named === undefined)
    return staff.pools.has(pool!) ? { rule, rep: null, seen } : { rule: rule.key, gone: pool! };
  const rep = owner ? subject.owners[owner] : named!;
  if (rep === null) return { rule: rule.key, nobody: owner! };
  if (!staff.reps.has(rep)) return { rule: rule.key, gone: rep };
  return subject.without?.has(rep) ? { rule: rule.key, passedOn: rep } : { rule, rep, seen };
}

/** What a rule's `when` saw, if it holds; else why it does not. */
function whenHolds(rule: Rule, subject: Subject, place: Place): Seen[] | Passed {
  if (rule.fault !== null) return { rule: rule.key, fault: rule.fault };
  if (rule.when === null) return [];
  const failed: Seen[] = [];
  for (const one of rule.when) {
    const { held, seen } = look(one, subject, place);
    if (held) return seen;
    failed.push(...seen);
  }
  return { rule: rule.key, seen: failed.slice(0, FAILED) };
}

/** How many failed alternatives of one rule are told of. */
const FAILED = 3;

const holds = (rule: Rule, subject: Subject, place: Place): boolean => Array.isArray(whenHolds(rule, subject, place));
