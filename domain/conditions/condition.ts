import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { parseTest, parseWhere, type Test, test } from './test.ts';

/**
 * A condition as it stands in a document: keys of one object are AND, `all`, `any`, `not` elsewhere, the other keys are
 * leaves. Documents keep this form; `parseCondition` makes the typed tree that is evaluated.
 */
export type ConditionDocument = { [key: string]: unknown };

/** Since when events count: all time, entry, arrival at the step, or a duration back from now ('7d'). */
export type Since = 'ever' | 'entry' | 'step' | (string & {});

export type Leaf =
  | { kind: 'attribute'; of: 'lead' | 'account'; name: string; test: Test }
  | { kind: 'stage' | 'fit' | 'engagement' | 'level' | 'score'; test: Test }
  | { kind: 'tag'; tag: string }
  | { kind: 'consent'; topic: string; granted: boolean }
  | { kind: 'campaign'; key: string; state: 'active' | 'completed' | 'goal' | 'exited' | 'any' }
  | { kind: 'event'; event: string; where: Record<string, Test>; count: Test; since: Since }
  | { kind: 'mail'; what: 'clicked' | 'replied'; step: string; link: string | null };

export type Condition =
  { all: Condition[] } | { any: Condition[] } | { not: Condition } | { segment: string; is: Condition } | { leaf: Leaf };

const comparable = z.union([z.string(), z.number(), z.boolean(), z.null(), test]);
const mailTarget = z.union([z.string(), z.strictObject({ step: z.string(), link: z.string().optional() })]);
const campaignState = z.enum(['active', 'completed', 'goal', 'exited', 'any']);

/** The keys of a leaf's own object, by the key that names it. */
const leafSchemas = {
  stage: comparable,
  fit: comparable,
  engagement: comparable,
  level: comparable,
  score: comparable,
  tag: z.string(),
  segment: z.string(),
  consent: z.union([z.string(), z.strictObject({ topic: z.string(), state: z.enum(['on', 'off']) })]),
  campaign: z.strictObject({ key: z.string(), state: campaignState.default('any') }),
  event: z.string(),
  clicked: mailTarget,
  replied: mailTarget,
} as const;
type LeafKey = keyof typeof leafSchemas;

const eventKeys = z.object({
  where: z.record(z.string(), comparable).default({}),
  count: comparable.default({ gte: 1 }),
  in: duration.optional(),
  since: z.enum(['ever', 'entry', 'step']).optional(),
});
const EVENT_KEYS = new Set(['where', 'count', 'in', 'since']);

/** Validates a condition where it stands in a document, each fault with its path. */
export const condition = z
  .record(z.string(), z.unknown())
  .superRefine((given, ctx) => check(given, [], ctx)) as z.ZodType<ConditionDocument>;

type Path = (string | number)[];

function check(given: unknown, path: Path, ctx: z.RefinementCtx): void {
  const fault = (at: Path, message: string): void => ctx.addIssue({ code: 'custom', path: at, message });
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return fault(path, 'a condition is an object, such as { fit: { gte: C } }');
  const entries = Object.entries(given);
  if (entries.length === 0) return fault(path, 'a condition says something: this one is empty');
  for (const [key, value] of entries) {
    const at = [...path, key];
    if (key === 'all' || key === 'any') {
      if (Array.isArray(value) && value.length > 0) value.forEach((one, i) => check(one, [...at, i], ctx));
      else fault(at, `'${key}' takes a list of conditions`);
    } else if (key === 'not') check(value, at, ctx);
    else if (EVENT_KEYS.has(key)) checkEventKey(given, key, at, fault);
    else if (key.startsWith('lead.') || key.startsWith('account.')) checkWith(comparable, value, at, ctx);
    else if (Object.hasOwn(leafSchemas, key)) checkWith(leafSchemas[key as LeafKey], value, at, ctx);
    else
      fault(
        at,
        `'${key}' is not something a condition can look at: use lead.<attribute>, account.<attribute>, ${Object.keys(leafSchemas).join(', ')}, all, any or not`,
      );
  }
  if ('event' in given) checkWith(eventKeys, given, path, ctx);
}

function checkEventKey(given: object, key: string, at: Path, fault: (at: Path, message: string) => void): void {
  const needsEvent = !('event' in given) && !(key === 'since' && ('any' in given || 'all' in given));
  if (needsEvent) fault(at, `'${key}' belongs to an event: write { event: name, ${key}: … }`);
}

function checkWith(schema: z.ZodType, value: unknown, at: Path, ctx: z.RefinementCtx): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    for (const issue of parsed.error.issues)
      ctx.addIssue({ code: 'custom', path: [...at, ...(issue.path as Path)], message: issue.message });
}

/** What a condition refers to outside itself. A segment that is not there makes an error. */
export interface ConditionScope {
  segment(key: string): ConditionDocument | undefined;
}

/** Nothing outside: for conditions that may not name segments. */
export const noSegments: ConditionScope = { segment: () => undefined };

/**
 * The typed tree of a condition that `condition` has accepted. Events count over all time unless the document says
 * `in` or `since`, or `defaultSince` says otherwise. Throws on an unknown or circular segment.
 */
export function parseCondition(
  given: ConditionDocument,
  scope: ConditionScope = noSegments,
  defaultSince: Since = 'ever',
  within: readonly string[] = [],
): Condition {
  const since = (given['event'] === undefined ? (given['since'] as Since | undefined) : undefined) ?? defaultSince;
  const child = (one: unknown): Condition => parseCondition(one as ConditionDocument, scope, since, within);
  const parts: Condition[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (key === 'all') parts.push({ all: (value as unknown[]).map(child) });
    else if (key === 'any') parts.push({ any: (value as unknown[]).map(child) });
    else if (key === 'not') parts.push({ not: child(value) });
    else if (key === 'segment') parts.push(expandSegment(value as string, scope, within));
    else if (!EVENT_KEYS.has(key)) parts.push({ leaf: parseLeaf(key, value, given, since) });
  }
  return parts.length === 1 ? parts[0]! : { all: parts };
}

function expandSegment(key: string, scope: ConditionScope, within: readonly string[]): Condition {
  const found = scope.segment(key);
  if (!found) throw new Error(`there is no segment '${key}'`);
  if (within.includes(key)) throw new Error(`segment '${key}' contains itself`);
  return { segment: key, is: parseCondition(found, scope, 'ever', [...within, key]) };
}

function parseLeaf(key: string, value: unknown, given: ConditionDocument, since: Since): Leaf {
  if (key.startsWith('lead.')) return { kind: 'attribute', of: 'lead', name: key.slice(5), test: parseTest(value) };
  if (key.startsWith('account.')) return { kind: 'attribute', of: 'account', name: key.slice(8), test: parseTest(value) };
  switch (key as LeafKey) {
    case 'tag':
      return { kind: 'tag', tag: value as string };
    case 'consent': {
      const { topic, state } =
        typeof value === 'string'
          ? { topic: value, state: 'on' }
          : (leafSchemas.consent.parse(value) as { topic: string; state: 'on' | 'off' });
      return { kind: 'consent', topic, granted: state === 'on' };
    }
    case 'campaign':
      return { kind: 'campaign', ...leafSchemas.campaign.parse(value) };
    case 'event': {
      const { where, count, in: back, since: own } = eventKeys.parse(given);
      return {
        kind: 'event',
        event: value as string,
        where: parseWhere(where),
        count: parseTest(count),
        since: back ?? own ?? since,
      };
    }
    case 'clicked':
    case 'replied': {
      const target = typeof value === 'string' ? { step: value } : (mailTarget.parse(value) as { step: string; link?: string });
      return { kind: 'mail', what: key as 'clicked' | 'replied', step: target.step, link: target.link ?? null };
    }
    default:
      return { kind: key as 'stage' | 'fit' | 'engagement' | 'level' | 'score', test: parseTest(value) };
  }
}

/** Every leaf of a tree, so that its facts can be loaded ahead for many leads at once. */
export function leavesOf(tree: Condition): Leaf[] {
  if ('leaf' in tree) return [tree.leaf];
  if ('not' in tree) return leavesOf(tree.not);
  if ('segment' in tree) return leavesOf(tree.is);
  return ('all' in tree ? tree.all : tree.any).flatMap(leavesOf);
}

/** The identity of a leaf's fact: leaves that differ only in what they compare with are still told apart. */
export const leafKey = (leaf: Leaf): string => JSON.stringify(leaf);
