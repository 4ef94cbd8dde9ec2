import type { z } from 'zod';
import { type ConditionDocument, type ConditionScope, type Leaf, leavesOf, parseCondition } from '../conditions/condition.ts';
import { everyLeaf, namesEntry } from '../conditions/segment-faults.ts';
import { isDeeperThan } from '../depth.ts';
import type { Finding } from '../finding.ts';
import { meantIssues, plainFault } from '../plain-faults.ts';
import type { Unknown, Vocabulary } from '../workspace/vocabulary.ts';
import { type Campaign, campaign as schema } from './document.ts';
import { entryCondition, entryKindOf } from './entries/index.ts';
import { ruleFindings } from './lint-rules.ts';
import { placesOf } from './places.ts';
import { compile, type Plan } from './plan.ts';
import type { MailOfStep, StepDocument, StepIssue } from './step.ts';
import { kindOf } from './steps/index.ts';

/** The workspace as far as a campaign may name it. */
export interface Surroundings extends ConditionScope {
  hasTemplate(key: string): boolean;
  /** What is wrong with a mail that is there; absent: nobody has looked. */
  mailFaults?(mail: MailOfStep): StepIssue[];
  /** What is wrong with a letter of a sequence; absent: nobody has looked. */
  letterFaults?(letter: { subject?: string | undefined; text: string }): StepIssue[];
  hasPool(key: string): boolean;
  /** Absent: every key may be a rep's. */
  hasRep?(key: string): boolean;
  hasTopic(key: string): boolean;
  /** Whether consent to a topic holds only once it is confirmed. Absent: none does. */
  asksToConfirm?(topic: string): boolean;
  /** Which campaigns another one starts; undefined: there is none of this key. Absent: every key may be a campaign's. */
  startsOf?(key: string): readonly string[] | undefined;
  /** The attributes and events it has declared; absent: everything is taken as known. */
  vocabulary?: Vocabulary;
}

export interface LintResult {
  findings: Finding[];
  /** The parsed document, when there is no error. */
  campaign: Campaign | null;
}

/** Levels of nesting in a document; a branch within a branch takes five. */
export const DEEPEST = 250;
export const tooDeep: Finding = {
  level: 'error',
  path: 'document',
  reason: `is nested deeper than ${DEEPEST} levels`,
  mend: 'divide it into campaigns that start one another',
};

/** Everything wrong with a campaign document: where, why, and what to do instead. */
export function lint(document: unknown, around: Surroundings): LintResult {
  if (isDeeperThan(DEEPEST, document)) return { findings: [tooDeep], campaign: null };
  const parsed = schema.safeParse(document, { error: plainFault });
  if (!parsed.success) return { findings: parsed.error.issues.flatMap(meantIssues).map(shapeFinding), campaign: null };
  return lintParsed(parsed.data, around);
}

/** The same of a document whose shape is right: what its steps, conditions and rules say, and what they name. */
export function lintParsed(data: Campaign, around: Surroundings): LintResult {
  const duplicates = duplicateIds(data);
  if (duplicates.length > 0) return { findings: duplicates, campaign: null };
  const unknown = unknownSegments(data, around);
  if (unknown.length > 0) return { findings: unknown, campaign: null };
  const plan = compile(data, around);
  const findings = [
    ...topicFindings(data, around),
    ...ruleFindings(data, around),
    ...nameFindings(data, around),
    ...entryFindings(data, around),
    ...stepFindings(plan, around),
    ...mailFindings(data, plan),
    ...openFindings(data, around),
    ...unreachable(plan),
  ];
  return { findings, campaign: findings.some((one) => one.level === 'error') ? null : data };
}

/** A fault of the shape, with what to do. */
export function shapeFinding(issue: z.core.$ZodIssue): Finding {
  const mend =
    issue.code === 'unrecognized_keys'
      ? 'check the spelling, or leave it out'
      : ((issue as z.core.$ZodIssueCustom).params?.['mend'] as string | undefined);
  return { level: 'error', path: issue.path.join('.'), reason: issue.message, mend: mend ?? 'see docs/campaign-language.md' };
}

/** Every step of a document with its path, arms included. */
function* everyStep(list: StepDocument[], path: string): Generator<{ step: StepDocument; path: string }> {
  for (const [i, step] of list.entries()) {
    yield { step, path: `${path}.${i}` };
    const places = placesOf(step);
    for (const [arm, below] of Object.entries(kindOf(step)?.arms?.(step) ?? {})) yield* everyStep(below, `${path}.${i}.${places.arm(arm)}`);
  }
}

const allSteps = (data: Campaign): { step: StepDocument; path: string }[] => [
  ...everyStep(data.steps, 'steps'),
  ...everyStep(data.goal?.then ?? [], 'goal.then'),
];

function duplicateIds(data: Campaign): Finding[] {
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { step, path } of allSteps(data)) {
    const first = seen.get(step.id);
    if (first)
      findings.push({
        level: 'error',
        path: `${path}.id`,
        reason: `'${step.id}' is also the id of ${first}`,
        mend: `give it its own, e.g. ${step.id}-2`,
      });
    else seen.set(step.id, path);
  }
  return findings;
}

function everyCondition(data: Campaign): { path: string; condition: ConditionDocument }[] {
  const found = data.entry.flatMap((entry, i) => {
    const wanted = entryCondition(entry);
    return wanted ? [{ path: `entry.${i}`, condition: wanted }] : [];
  });
  if (data.exitWhen) found.push({ path: 'exitWhen', condition: data.exitWhen });
  data.exclude.forEach((segment, i) => found.push({ path: `exclude.${i}`, condition: { segment } }));
  for (const { step, path } of allSteps(data)) {
    const places = placesOf(step);
    for (const [name, given] of Object.entries(kindOf(step)?.conditions?.(step) ?? {})) {
      if (typeof given['kind'] !== 'string') found.push({ path: `${path}.${places.condition(name)}`, condition: given });
    }
  }
  return found;
}

function unknownSegments(data: Campaign, around: ConditionScope): Finding[] {
  return everyCondition(data).flatMap(({ path, condition }) => {
    try {
      parseCondition(condition, around);
      return [];
    } catch (error) {
      return [
        { level: 'error' as const, path, reason: (error as Error).message, mend: 'save the segment first, or name one that is there' },
      ];
    }
  });
}

/** Segments have a lint of their own: what they say is not said again of every campaign that names them. */
const ownWordsOnly: ConditionScope = { segment: () => ({ tag: 'x' }) };

/** Attributes and events that the workspace has not declared. */
function nameFindings(data: Campaign, { vocabulary }: Surroundings): Finding[] {
  if (!vocabulary) return [];
  const at = (path: string, unknown: readonly Unknown[]): Finding[] => unknown.map((one) => ({ level: 'error', path, ...one }));
  const happened = (path: string, given: object): Finding[] => {
    const { event, where = {} } = given as { event?: unknown; where?: Record<string, unknown> };
    return typeof event === 'string' ? at(path, vocabulary.event(event, Object.keys(where))) : [];
  };
  const leaves = (path: string, found: readonly Leaf[]): Finding[] => found.flatMap((leaf) => at(path, vocabulary.leaf(leaf)));
  return [
    ...data.entry.flatMap((entry, i) => happened(`entry.${i}`, entry)),
    ...(data.goal ? happened('goal', data.goal) : []),
    ...everyCondition(data).flatMap(({ path, condition }) => leaves(path, leavesOf(parseCondition(condition, ownWordsOnly)))),
    ...allSteps(data).flatMap(({ step, path }) =>
      Object.values(kindOf(step)?.conditions?.(step) ?? {}).flatMap((given) =>
        typeof given['kind'] === 'string' ? leaves(path, [given as Leaf]) : [],
      ),
    ),
  ];
}

function topicFindings(data: Campaign, around: Surroundings): Finding[] {
  const { topic } = data;
  if (topic === undefined) return [];
  if (around.hasTopic(topic)) return around.asksToConfirm?.(topic) ? tooEarly(data, topic) : [];
  return [
    {
      level: 'error',
      path: 'topic',
      reason: `there is no consent topic '${topic}'`,
      mend: 'add it to topics.yaml, or name one that is there',
    },
  ];
}

/** Who has just sent a form has not confirmed yet. */
function tooEarly(data: Campaign, topic: string): Finding[] {
  if (data.class === 'transactional' || JSON.stringify(data).includes('subscription_confirmed')) return [];
  return data.entry.flatMap((entry, i) =>
    'event' in entry && entry.event === 'form_submitted'
      ? [
          {
            level: 'warning' as const,
            path: `entry.${i}`,
            reason: `mail about '${topic}' is refused until it is confirmed, which comes after this event`,
            mend: `enter by { event: subscription_confirmed, where: { topic: ${topic} } }, or wait for it before the first mail`,
          },
        ]
      : [],
  );
}

function entryFindings(data: Campaign, around: Surroundings): Finding[] {
  const context = { campaign: data, hasSegment: (key: string) => around.segment(key) !== undefined };
  return data.entry.flatMap((entry, i) =>
    (entryKindOf(entry)?.lint?.(entry, context) ?? []).map(({ level = 'error', ...issue }) => ({ level, path: `entry.${i}`, ...issue })),
  );
}

function stepFindings(plan: Plan, around: Surroundings): Finding[] {
  const sends = new Set([...plan.nodes.values()].filter(({ kind }) => kind.kind === 'send').map(({ id }) => id));
  return [...plan.nodes.values()].flatMap(({ kind, step, path }) =>
    [
      ...(kind.lint?.(step, { ...around, campaign: plan.campaign, sends }) ?? []),
      ...mailIssues(kind.mail?.(step, plan.campaign), around),
    ].map(({ level = 'error', ...issue }) => ({
      level,
      path,
      ...issue,
    })),
  );
}

/** A mail that is there may still be wrong for what this step gives it. */
function mailIssues(mail: MailOfStep | null | undefined, { hasTemplate, mailFaults }: Surroundings): StepIssue[] {
  return mail && hasTemplate(mail.template) ? (mailFaults?.(mail) ?? []) : [];
}

/** `opened`, `clicked` and `replied` name a step that sends; what is asked of others does not speak of this enrolment. */
function mailFindings(data: Campaign, plan: Plan): Finding[] {
  const sends = (id: string): boolean => plan.nodes.get(id)?.kind.kind === 'send';
  const error = (path: string, reason: string, mend: string): Finding => ({ level: 'error', path, reason, mend });
  return everyCondition(data).flatMap(({ path, condition }) => {
    const leaves = leavesOf(parseCondition(condition, ownWordsOnly));
    const ofOthers = leaves.flatMap((leaf) => (leaf.kind === 'anyone' ? everyLeaf(leaf) : []));
    return [
      ...leaves.flatMap((leaf) =>
        leaf.kind !== 'mail' || leaf.step === 'any' || sends(leaf.step)
          ? []
          : [error(path, `'${leaf.what}: ${leaf.step}' names no step that sends`, `name the id of a send step, or 'any'`)],
      ),
      ...ofOthers.flatMap((leaf) => [
        ...(leaf.kind === 'mail' && leaf.step !== 'any'
          ? [error(path, `'${leaf.what}: ${leaf.step}' names a step of this campaign, and others are asked`, `say ${leaf.what}: any`)]
          : []),
        ...(namesEntry(leaf)
          ? [error(path, `$entry is the lead's own, and others are asked`, 'compare with a value, or look at the lead')]
          : []),
      ]),
    ];
  });
}

/** Opens are no ground for a decision, unless the author insists: machines load pictures unseen, and people read without them. */
function openFindings(data: Campaign, around: ConditionScope): Finding[] {
  return everyCondition(data).flatMap(({ path, condition }) =>
    leavesOf(parseCondition(condition, around))
      .flatMap(everyLeaf)
      .flatMap((leaf): Finding[] => {
        const asked = leaf.kind === 'mail' && leaf.what === 'opened' && !leaf.trust ? `opened: ${leaf.step}` : null;
        const event = leaf.kind === 'event' && leaf.event === 'email_opened' ? 'event: email_opened' : null;
        if (!asked && !event) return [];
        const step = leaf.kind === 'mail' ? leaf.step : 'any';
        return [
          {
            level: 'warning',
            path,
            reason: `'${asked ?? event}' decides by opens: mailbox providers load pictures unseen, and many people read without them`,
            mend: `decide by clicks, or insist: opened: { step: ${step}, trust: true }`,
          },
        ];
      }),
  );
}

/** Steps that follow an `exit` in the same list can never be reached. */
function unreachable(plan: Plan): Finding[] {
  const reached = new Set<string>();
  const visit = (id: string | null | undefined): void => {
    if (!id || reached.has(id)) return;
    reached.add(id);
    const node = plan.nodes.get(id)!;
    if (node.kind.kind !== 'exit') Object.values(node.ways).forEach(visit);
  };
  visit(plan.first);
  visit(plan.goal?.first);
  return [...plan.nodes.values()]
    .filter(({ id }) => !reached.has(id))
    .map(({ id, path }) => ({
      level: 'warning',
      path,
      reason: `'${id}' is never reached`,
      mend: 'it stands after an exit: move or remove it',
    }));
}
