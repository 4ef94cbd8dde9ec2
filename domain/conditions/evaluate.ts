import { type Condition, type Leaf, leafKey } from './condition.ts';
import { passes, testWords } from './test.ts';

/** How often something happened in the time a leaf looks at, first and last when. */
export interface Occurrences {
  count: number;
  firstAt: Date | null;
  lastAt: Date | null;
}

/** What is known of one lead. Attributes are read by name; what must be counted was counted ahead, by `leafKey`. */
export interface LeadFacts {
  lead: Record<string, unknown>;
  account: Record<string, unknown> | null;
  stage: string;
  tags: readonly string[];
  fit: string | null;
  engagement: number | null;
  level: string | null;
  consents: Record<string, boolean>;
  /** States of this lead's enrolments, by campaign key. */
  campaigns: Record<string, readonly string[]>;
  counted: ReadonlyMap<string, Occurrences>;
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
    const held = leafHolds(tree.leaf, value);
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
      return (leaf.of === 'lead' ? facts.lead : facts.account)?.[leaf.name] ?? null;
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
      return facts.consents[leaf.topic] ?? null;
    case 'campaign':
      return facts.campaigns[leaf.key] ?? [];
    case 'event':
    case 'mail':
      return facts.counted.get(leafKey(leaf))?.count ?? 0;
  }
}

function leafHolds(leaf: Leaf, value: unknown): boolean {
  switch (leaf.kind) {
    case 'tag':
      return value === true;
    case 'consent':
      return value === leaf.granted;
    case 'campaign':
      return leaf.state === 'any' ? (value as string[]).length > 0 : (value as string[]).includes(leaf.state);
    case 'event':
      return passes(value, leaf.count);
    case 'mail':
      return (value as number) > 0;
    default:
      return passes(value, leaf.test);
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
      const since =
        leaf.since === 'ever'
          ? ''
          : leaf.since === 'entry' || leaf.since === 'step'
            ? ` since ${leaf.since}`
            : ` in the last ${leaf.since}`;
      return `${leaf.event}${where.length > 0 ? ` (${where.join(', ')})` : ''}${often}${since}`;
    }
    case 'mail':
      return `${leaf.what} ${leaf.step === 'any' ? 'any mail' : leaf.step}${leaf.link ? ` (${leaf.link})` : ''}`;
    default:
      return `${leaf.kind} ${testWords(leaf.test)}`;
  }
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
