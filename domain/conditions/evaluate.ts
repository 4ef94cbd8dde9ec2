import { type Condition, type Leaf, leafKey, type Since } from './condition.ts';
import { passes, type TestContext, testWords } from './test.ts';

/** How often something happened in the time a leaf looks at, first and last when. */
export interface Occurrences {
  count: number;
  firstAt: Date | null;
  lastAt: Date | null;
}

/** What is known of one lead. Attributes are read by name; what must be counted (events, mails, anyone of the account) was counted ahead, by `leafKey`. */
export interface LeadFacts {
  lead: Record<string, unknown>;
  account: Record<string, unknown> | null;
  stage: string;
  tags: readonly string[];
  fit: string | null;
  engagement: number | null;
  level: string | null;
  /** By topic; null where neither yes nor no stands at present. */
  consents: Record<string, boolean | null>;
  /** States of this lead's enrolments, by campaign key. */
  campaigns: Record<string, readonly string[]>;
  counted: ReadonlyMap<string, Occurrences>;
  /** What comparisons speak of besides: what time it is, and what brought the lead in. Without it `now`, `within` and `$entry` hold of nothing. */
  context?: TestContext;
}

/** What a leaf saw, and whether that was enough: kept in the journal, told by `why`. */
export interface Evidence {
  leaf: Leaf;
  value: unknown;
  held: boolean;
}

export interface Evaluation {
  held: boolean;
  evidence: Evidence[];
}

/** Evaluates a condition over what is known, and keeps what each leaf saw. */
export function evaluate(tree: Condition, facts: LeadFacts): Evaluation {
  if ('leaf' in tree) {
    const value = readLeaf(tree.leaf, facts);
    const held = leafHolds(tree.leaf, value, facts.context);
    return { held, evidence: [{ leaf: tree.leaf, value, held }] };
  }
  if ('not' in tree) {
    const inner = evaluate(tree.not, facts);
    return { held: !inner.held, evidence: inner.evidence };
  }
  if ('segment' in tree) return evaluate(tree.is, facts);
  const parts = ('all' in tree ? tree.all : tree.any).map((part) => evaluate(part, facts));
  const held = 'all' in tree ? parts.every((part) => part.held) : parts.some((part) => part.held);
  return { held, evidence: parts.flatMap((part) => part.evidence) };
}

function readLeaf(leaf: Leaf, facts: LeadFacts): unknown {
  switch (leaf.kind) {
    case 'attribute':
      return own(leaf.of === 'lead' ? facts.lead : facts.account, leaf.name) ?? null;
    case 'stage':
    case 'fit':
    case 'engagement':
    case 'level':
      return facts[leaf.kind];
    case 'score':
      return facts.fit === null ? null : `${facts.fit}-${facts.level}`;
    case 'tag':
      return facts.tags.includes(leaf.tag);
    case 'consent':
      return own(facts.consents, leaf.topic) ?? null;
    case 'campaign':
      return own(facts.campaigns, leaf.key) ?? [];
    case 'event':
    case 'mail':
      return facts.counted.get(leafKey(leaf))?.count ?? 0;
    case 'anyone':
      return (facts.counted.get(leafKey(leaf))?.count ?? 0) > 0;
  }
}

/** What a table says of a name, own entries only: names come from documents. */
const own = <T>(table: Readonly<Record<string, T>> | null, name: string): T | undefined =>
  table !== null && Object.hasOwn(table, name) ? table[name] : undefined;

function leafHolds(leaf: Leaf, value: unknown, context?: TestContext): boolean {
  switch (leaf.kind) {
    case 'tag':
    case 'anyone':
      return value === true;
    case 'consent':
      return value === leaf.granted;
    case 'campaign':
      return leaf.state === 'any' ? (value as string[]).length > 0 : (value as string[]).includes(leaf.state);
    case 'event':
      return passes(value, leaf.count, context);
    case 'mail':
      return (value as number) > 0;
    default:
      return passes(value, leaf.test, context);
  }
}

/** What a leaf looks at, for people: `visited pricing ≥ 2 in 7d`. */
export function leafWords(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'attribute':
      return `${leaf.of}.${leaf.name} ${testWords(leaf.test)}`;
    case 'tag':
      return `has tag ${leaf.tag}`;
    case 'consent':
      return `${leaf.granted ? 'agreed to' : 'refused'} ${leaf.topic}`;
    case 'campaign':
      return `${leaf.state === 'any' ? 'was ever' : leaf.state} in ${leaf.key}`;
    case 'event': {
      const where = Object.entries(leaf.where).map(([name, wanted]) => `${name} ${testWords(wanted)}`);
      const often = leaf.count.gte === 1 ? '' : ` ${testWords(leaf.count)} times`;
      return `${leaf.event}${where.length > 0 ? ` (${where.join(', ')})` : ''}${often}${sinceWords(leaf.since, 'ever')}${byWords(leaf)}`;
    }
    case 'mail': {
      const what = `${leaf.what} ${leaf.step === 'any' ? 'any mail' : leaf.step}${leaf.link ? ` (${leaf.link})` : ''}`;
      return `${what}${sinceWords(leaf.since, leaf.of === 'lead' ? 'ever' : 'entry')}${byWords(leaf)}`;
    }
    case 'anyone':
      return `somebody of the account: ${conditionWords(leaf.is)}`;
    default:
      return `${leaf.kind} ${testWords(leaf.test)}`;
  }
}

const byWords = ({ by }: { by?: 'account' }): string => (by === 'account' ? ' by anyone of the account' : '');

/** Leaves that the journal kept before they told since when say nothing of it. */
function sinceWords(since: Since | undefined, usual: Since): string {
  if (since === undefined || since === usual) return '';
  return since === 'ever' ? ' ever' : since === 'entry' || since === 'step' ? ` since ${since}` : ` in the last ${since}`;
}

/** A condition in words: `stage is mql and not (tag vip)`. */
export function conditionWords(tree: Condition): string {
  if ('leaf' in tree) return leafWords(tree.leaf);
  if ('not' in tree) return `not (${conditionWords(tree.not)})`;
  if ('segment' in tree) return `in the segment ${tree.segment}`;
  const [parts, word] = 'all' in tree ? [tree.all, ' and '] : [tree.any, ' or '];
  return parts
    .map((part) => ('leaf' in part || 'segment' in part || 'not' in part ? conditionWords(part) : `(${conditionWords(part)})`))
    .join(word);
}

/** A leaf with what it saw: `fit ≥ C: was A`. */
export function evidenceWords({ leaf, value, held }: Evidence): string {
  const seen =
    typeof value === 'number' && (leaf.kind === 'event' || leaf.kind === 'mail')
      ? `${value}×`
      : value === null
        ? 'nothing known'
        : String(value);
  return `${held ? 'yes' : 'no'}: ${leafWords(leaf)} (${seen})`;
}
