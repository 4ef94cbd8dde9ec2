import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { isDeeperThan } from '../depth.ts';
import { parseTest, parseWhere, type Test, test } from './test.ts';

/**
 * A condition as it stands in a document: keys of one object are AND, `all`, `any`, `not` elsewhere, the other keys are
 * leaves. Documents keep this form; `parseCondition` makes the typed tree that is evaluated.
 */
export type ConditionDocument = { [key: string]: unknown };

/** Since when something counts: all time, entry, arrival at the step, or a duration back from now ('7d'). */
export type Since = 'ever' | 'entry' | 'step' | (string & {});

export type Leaf =
  | { kind: 'attribute'; of: 'lead' | 'account'; name: string; test: Test }
  | { kind: 'stage' | 'fit' | 'engagement' | 'level' | 'score'; test: Test }
  | { kind: 'tag'; tag: string }
  | { kind: 'consent'; topic: string; granted: boolean }
  | { kind: 'campaign'; key: string; state: 'active' | 'completed' | 'goal' | 'exited' | 'any' }
  | { kind: 'event'; event: string; where: Record<string, Test>; count: Test; since: Since; by?: 'account' }
  /** `of` tells whose mails: of this enrolment, or any that the lead was ever sent. `trust`: an open that the author insists on. */
  | {
      kind: 'mail';
      what: MailDeed;
      step: string;
      link: string | null;
      since: Since;
      of: 'enrolment' | 'lead';
      by?: 'account';
      trust?: true;
    }
  /** Somebody of the lead's account, the lead included. */
  | { kind: 'anyone'; is: Condition };

export const mailDeeds = ['opened', 'clicked', 'replied'] as const;
export type MailDeed = (typeof mailDeeds)[number];

/** The event that tells of it. */
export const mailEvent = (what: MailDeed): string => `email_${what}`;

export type Condition =
  { all: Condition[] } | { any: Condition[] } | { not: Condition } | { segment: string; is: Condition } | { leaf: Leaf };

const comparable = z.union([z.string(), z.number(), z.boolean(), z.null(), test]);
const mail = z.strictObject({ step: z.string(), link: z.string().optional() });
const mailTarget = z.union([z.string(), mail]);
/** `trust`: the author knows what an open is worth. */
const openTarget = z.union([z.string(), mail.extend({ trust: z.literal(true).optional() })]);
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
  opened: openTarget,
  clicked: mailTarget,
  replied: mailTarget,
  account: z.strictObject({ anyone: z.unknown() }),
} as const;
type LeafKey = keyof typeof leafSchemas;

const since = z.union([z.enum(['ever', 'entry', 'step']), duration]);
const by = z.enum(['lead', 'account']);

/** What may stand beside `event`, and what of it beside a mail or a group: since when it counts, and whose doing it is. */
const besideEvent = z.object({
  where: z.record(z.string(), comparable).default({}),
  count: comparable.default({ gte: 1 }),
  in: duration.optional(),
  since: since.optional(),
  by: by.optional(),
});
const besideGroup = besideEvent.pick({ in: true, since: true, by: true });
const BESIDE_EVENT = new Set(Object.keys(besideEvent.shape));
const BESIDE_GROUP = new Set(Object.keys(besideGroup.shape));
const counts = (given: object): boolean => 'event' in given || mailDeeds.some((what) => what in given);

/** Levels of nesting that a condition may have: far more than a person can read. */
const DEEPEST = 100;

/** Validates a condition where it stands in a document, each fault with its path. */
export const condition = z.record(z.string(), z.unknown()).superRefine((given, ctx) => {
  if (isDeeperThan(DEEPEST, given)) ctx.addIssue({ code: 'custom', message: `is nested deeper than ${DEEPEST} levels` });
  else check(given, [], ctx);
}) as z.ZodType<ConditionDocument>;

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
    else if (BESIDE_EVENT.has(key)) checkBeside(given, key, at, fault);
    else if (key === 'account') {
      checkWith(leafSchemas.account, value, at, ctx);
      if (typeof value === 'object' && value !== null && 'anyone' in value) check(value.anyone, [...at, 'anyone'], ctx);
    } else if (key.startsWith('lead.') || key.startsWith('account.')) checkWith(comparable, value, at, ctx);
    else if (Object.hasOwn(leafSchemas, key)) checkWith(leafSchemas[key as LeafKey], value, at, ctx);
    else
      fault(
        at,
        `'${key}' is not something a condition can look at: use lead.<attribute>, account.<attribute>, ${Object.keys(leafSchemas).join(', ')}, all, any or not`,
      );
  }
  checkWith('event' in given ? besideEvent : besideGroup, given, path, ctx);
}

function checkBeside(given: object, key: string, at: Path, fault: (at: Path, message: string) => void): void {
  if ('event' in given) return;
  const group = 'any' in given || 'all' in given || 'not' in given;
  if (BESIDE_GROUP.has(key) && (counts(given) || group)) return;
  if (key === 'by') fault(at, `'by' belongs to an event, a mail or a group of them: of anything else write account: { anyone: { … } }`);
  else fault(at, `'${key}' belongs to an event: write { event: name, ${key}: … }`);
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
const noSegments: ConditionScope = { segment: () => undefined };

/** What a condition says of all that stands in it. */
interface Frame {
  scope: ConditionScope;
  since: Since | null;
  by: 'lead' | 'account';
  /** Whether it stands where there is an enrolment of the lead's own; in a segment, or of a colleague, there is none. */
  enrolled: boolean;
  within: readonly string[];
}

/**
 * The typed tree of a condition that `condition` has accepted. Where neither it nor a group around it says `in` or `since`, events count over
 * all time, mails since entry (in a segment: over all time). Throws on an unknown or circular segment.
 */
export function parseCondition(given: ConditionDocument, scope: ConditionScope = noSegments): Condition {
  return parseWithin(given, { scope, since: null, by: 'lead', enrolled: true, within: [] });
}

/**
 * The same, of a segment, or of somebody who has not entered yet: there is no enrolment whose mails it could speak of, and everything counts over
 * all time. `key`, so that a segment that contains itself is seen.
 */
export function parseSegment(given: ConditionDocument, scope: ConditionScope = noSegments, key?: string): Condition {
  return parseWithin(given, { scope, since: 'ever', by: 'lead', enrolled: false, within: key === undefined ? [] : [key] });
}

function parseWithin(given: ConditionDocument, outer: Frame): Condition {
  const own = besideGroup.parse(given);
  const frame: Frame = { ...outer, since: own.in ?? own.since ?? outer.since, by: own.by ?? outer.by };
  const child = (one: unknown): Condition => parseWithin(one as ConditionDocument, frame);
  const parts: Condition[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (key === 'all') parts.push({ all: (value as unknown[]).map(child) });
    else if (key === 'any') parts.push({ any: (value as unknown[]).map(child) });
    else if (key === 'not') parts.push({ not: child(value) });
    else if (key === 'segment') parts.push(expandSegment(value as string, frame));
    else if (key === 'account') {
      const anyone = (value as { anyone: ConditionDocument }).anyone;
      const since = frame.since ?? (frame.enrolled ? 'entry' : 'ever');
      parts.push({ leaf: { kind: 'anyone', is: parseWithin(anyone, { ...frame, since, by: 'lead', enrolled: false }) } });
    } else if (!BESIDE_EVENT.has(key)) parts.push({ leaf: parseLeaf(key, value, given, frame) });
  }
  return parts.length === 1 ? parts[0]! : { all: parts };
}

function expandSegment(key: string, { scope, within }: Frame): Condition {
  const found = scope.segment(key);
  if (!found) throw new Error(`there is no segment '${key}'`);
  if (within.includes(key)) throw new Error(`segment '${key}' contains itself`);
  return { segment: key, is: parseWithin(found, { scope, since: 'ever', by: 'lead', enrolled: false, within: [...within, key] }) };
}

function parseLeaf(key: string, value: unknown, given: ConditionDocument, frame: Frame): Leaf {
  if (key.startsWith('lead.')) return { kind: 'attribute', of: 'lead', name: key.slice(5), test: parseTest(value) };
  if (key.startsWith('account.')) return { kind: 'attribute', of: 'account', name: key.slice(8), test: parseTest(value) };
  const together = frame.by === 'account' ? { by: 'account' as const } : {};
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
      const { where, count } = besideEvent.parse(given);
      return {
        kind: 'event',
        event: value as string,
        where: parseWhere(where),
        count: parseTest(count),
        since: frame.since ?? 'ever',
        ...together,
      };
    }
    case 'opened':
    case 'clicked':
    case 'replied': {
      const target =
        typeof value === 'string' ? { step: value } : (openTarget.parse(value) as { step: string; link?: string; trust?: true });
      const { enrolled } = frame;
      return {
        kind: 'mail',
        what: key as MailDeed,
        step: target.step,
        link: target.link ?? null,
        since: frame.since ?? (enrolled ? 'entry' : 'ever'),
        of: enrolled && frame.by === 'lead' ? 'enrolment' : 'lead',
        ...together,
        ...(target.trust && { trust: true as const }),
      };
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

/** Whether a leaf looks at what somebody else of the account is or does, so that it may change without the lead. */
export const looksAtAccount = (leaf: Leaf): boolean => leaf.kind === 'anyone' || ('by' in leaf && leaf.by === 'account');

/** The identity of a leaf's fact: leaves that differ only in what they compare with are still told apart. */
export const leafKey = (leaf: Leaf): string => JSON.stringify(leaf);
