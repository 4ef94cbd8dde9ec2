import { campaign } from '../campaign/document.ts';
import { lint, type Surroundings } from '../campaign/lint.ts';
import { segmentFaults } from '../conditions/segment-faults.ts';
import { type Topics, topics } from '../consent/topics.ts';
import { checkDocument, normalDocument } from '../documents.ts';
import { TendrilError } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { type Form, lintForm, parseForm } from '../forms/form.ts';
import { lintRouting } from '../routing/lint.ts';
import { sequence } from '../sequences/document.ts';
import { lintSequence } from '../sequences/lint.ts';
import { same } from './same.ts';
import { poolFaults } from '../routing/pool.ts';
import { mayBeNamed, type WorkspaceDocument, type WorkspaceKind } from './folder.ts';
import type { MailOfStep, StepIssue } from '../campaign/step.ts';
import { repsNamed, slaDocument } from '../sla/document.ts';
import { type Callbacks, callbacksSchema } from '../tasks/callbacks.ts';
import { unknownRecipient } from '../tasks/recipient.ts';
import { poolsSchema, repsSchema } from './people.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Something wrong with one of the documents. */
export interface DocumentFinding extends Finding {
  kind: WorkspaceKind;
  key: string;
}

export interface Change {
  kind: WorkspaceKind;
  key: string;
  change: 'added' | 'changed' | 'same';
}

export interface PushPlan {
  findings: DocumentFinding[];
  changes: Change[];
  /** False when there is an error: then nothing may be stored. */
  ok: boolean;
}

/** What is known of the mails that there would be after a push. */
export interface MailLint {
  hasTemplate(key: string): boolean;
  faults(mail: MailOfStep, known: Vocabulary): StepIssue[];
  /** What is wrong with a letter of a sequence. */
  letterFaults(letter: { subject?: string | undefined; text: string }, known: Vocabulary): StepIssue[];
  /** What is wrong with those that are pushed. */
  findings(known: Vocabulary): DocumentFinding[];
}

/** The document with all its defaults, for comparing; what cannot be read stays as it is. */
export function normal({ kind, body }: Pick<WorkspaceDocument, 'kind' | 'body'>): unknown {
  switch (kind) {
    case 'campaign':
      return campaign.safeParse(body).data ?? body;
    case 'sequence':
      return sequence.safeParse(body).data ?? body;
    case 'reps':
      return byKey(repsSchema.safeParse(body).data) ?? body;
    case 'pools':
      return byKey(poolsSchema.safeParse(body).data?.map((pool) => ({ ...pool, members: pool.members.toSorted(byRep) }))) ?? body;
    default:
      return normalDocument(kind, body) ?? body;
  }
}

const byKey = <T extends { key: string }>(list: T[] | undefined): T[] | undefined =>
  list?.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));

const byRep = (a: { rep: string }, b: { rep: string }): number => (a.rep < b.rep ? -1 : Number(a.rep > b.rep));

const nameOf = ({ kind, key }: Pick<WorkspaceDocument, 'kind' | 'key'>): string => `${kind}/${key}`;

/**
 * What a push would do, and everything that is wrong with it. All is linted against the workspace as it would be afterwards, so that
 * documents may name each other in any order; campaigns that are there already and would no longer stand are told as warnings.
 */
export function planPush(
  present: readonly WorkspaceDocument[],
  given: readonly WorkspaceDocument[],
  mails: Pick<MailLint, 'hasTemplate'> & Partial<MailLint>,
): PushPlan {
  const shape = given.flatMap(shapeFindings);
  const wrong = new Set(shape.map(nameOf));
  const sound = given.filter((one) => !wrong.has(nameOf(one)));
  const afterwards = new Map([...present, ...sound].map((one) => [nameOf(one), one]));
  const pools = listed(afterwards.values(), 'pools', present);
  const reps = listed(afterwards.values(), 'reps', present);
  const around = surroundingsOf([...afterwards.values()], mails.hasTemplate, pools, mails.faults, mails.letterFaults);
  const touched = new Set(given.map(nameOf));
  const findings = [
    ...shape,
    ...sound.flatMap((one) => sharedKey(one, afterwards)),
    ...(mails.findings?.(around.vocabulary!) ?? []),
    ...sound.flatMap((one) =>
      referenceFindings(one, around, { reps: new Set(reps), pools: new Set(pools), firms: firmsOf([...present, ...afterwards.values()]) }),
    ),
    ...present
      .filter((one) => (one.kind === 'campaign' || one.kind === 'sequence') && !touched.has(nameOf(one)))
      .flatMap((one) => lintOf(one, around).flatMap((finding) => (finding.level === 'error' ? [broken(one, finding)] : []))),
  ];
  const before = new Map(present.map((one) => [nameOf(one), one]));
  const changes = given.map((one): Change => {
    const old = before.get(nameOf(one));
    return { kind: one.kind, key: one.key, change: !old ? 'added' : same(normal(old), normal(one)) ? 'same' : 'changed' };
  });
  return { findings, changes, ok: !findings.some((one) => one.level === 'error') };
}

const broken = ({ kind, key }: WorkspaceDocument, finding: Finding): DocumentFinding => ({
  kind,
  key,
  ...finding,
  level: 'warning',
  reason: `would no longer pass its lint: ${finding.reason}`,
});

/** Keys in a list of the workspace: those pushed and those there, since a push takes nobody away. */
function listed(afterwards: Iterable<WorkspaceDocument>, kind: 'pools' | 'reps', present: readonly WorkspaceDocument[]): string[] {
  return [...afterwards, ...present].flatMap((one) => (one.kind === kind ? (one.body as { key: string }[]).map(({ key }) => key) : []));
}

function shapeFindings(one: WorkspaceDocument): DocumentFinding[] {
  const { kind, key, body } = one;
  const at = (path: string, reason: string, mend: string): DocumentFinding => ({ kind, key, level: 'error', path, reason, mend });
  if (!mayBeNamed(one))
    return [at('key', `'${key}' is no key of a ${kind}`, 'letters, digits, -, _ and . for what there are many of, else default')];
  const named = (body as { key?: unknown } | null)?.key;
  if ((kind === 'form' || kind === 'segment' || kind === 'campaign' || kind === 'sequence') && named !== undefined && named !== key)
    return [at('key', `is '${String(named)}', not '${key}'`, 'name the file after the key, or leave the key out of the path')];
  if (kind === 'campaign' || kind === 'sequence' || kind === 'routing') return [];
  if (kind === 'form') return lintForm(body).map(({ path, reason, mend = '' }) => at(path, reason, mend));
  if (kind === 'reps' || kind === 'pools') {
    const parsed = (kind === 'reps' ? repsSchema : poolsSchema).safeParse(body);
    return parsed.error?.issues.map((issue) => at(issue.path.join('.'), issue.message, 'write what the reason says')) ?? [];
  }
  try {
    checkDocument(kind, key, body);
    return [];
  } catch (error) {
    if (!(error instanceof TendrilError)) throw error;
    return error.issues.map(({ path, reason, mend = 'write what the reason says' }) => at(path, reason, mend));
  }
}

/** Campaigns and sequences share their keys. */
function sharedKey({ kind, key }: WorkspaceDocument, afterwards: ReadonlyMap<string, WorkspaceDocument>): DocumentFinding[] {
  const other = kind === 'campaign' ? 'sequence' : kind === 'sequence' ? 'campaign' : null;
  if (other === null || !afterwards.has(nameOf({ kind: other, key }))) return [];
  return [
    {
      kind,
      key,
      level: 'error',
      path: 'key',
      reason: `'${key}' is also the key of a ${other}`,
      mend: 'give it another: campaigns and sequences share them',
    },
  ];
}

/** What is wrong with a campaign or a sequence. */
const lintOf = ({ kind, body }: WorkspaceDocument, around: Surroundings): Finding[] =>
  (kind === 'sequence' ? lintSequence(body, around) : lint(body, around)).findings;

/** What a document names that is not there. */
function referenceFindings(one: WorkspaceDocument, around: Surroundings, { reps, pools, firms }: People): DocumentFinding[] {
  const { kind, key, body } = one;
  const at = (path: string, reason: string, mend: string): DocumentFinding => ({ kind, key, level: 'error', path, reason, mend });
  if (kind === 'campaign' || kind === 'sequence') return lintOf(one, around).map((finding) => ({ kind, key, ...finding }));
  if (kind === 'segment') return segmentFindings(key, around, at);
  if (kind === 'form') return formFindings(parseForm(body), around, at);
  if (kind === 'routing') return lintRouting(body, { ...around, pools, reps }).map((finding) => ({ kind, key, ...finding }));
  if (kind === 'sla') return slaFindings(body, reps, around, at);
  if (kind === 'callbacks') return callbackFindings(callbacksSchema.parse(body), around, reps, at);
  if (kind === 'topics') return topicFindings(topics.parse(body), around, at);
  if (kind === 'reps') return standInFindings(repsSchema.parse(body), reps, at);
  if (kind !== 'pools') return [];
  return poolsSchema
    .parse(body)
    .flatMap((pool, i) => poolFaults(pool, firms, pools).map(({ path, reason, mend }) => at(`${i}.${path}`, reason, mend)));
}

/** Keys of the reps and pools there will be, and the firm of each rep. */
interface People {
  reps: ReadonlySet<string>;
  pools: ReadonlySet<string>;
  firms: ReadonlyMap<string, { partner: string | null }>;
}

/** Of each rep the firm, as the last of the documents says it. */
function firmsOf(documents: readonly WorkspaceDocument[]): People['firms'] {
  const reps = documents.flatMap((one) => (one.kind === 'reps' ? (one.body as { key: string; partner?: string | null }[]) : []));
  return new Map(reps.map(({ key, partner = null }) => [key, { partner }]));
}

function standInFindings(given: ReturnType<typeof repsSchema.parse>, reps: ReadonlySet<string>, at: At): DocumentFinding[] {
  return given.flatMap(({ key, standIn }, n) =>
    standIn === null || (standIn !== key && reps.has(standIn))
      ? []
      : [at(`${n}.standIn`, standIn === key ? 'is the rep whose stand-in it is' : `there is no rep '${standIn}'`, 'name another rep')],
  );
}

type At = (path: string, reason: string, mend: string) => DocumentFinding;

function segmentFindings(key: string, around: Surroundings, at: At): DocumentFinding[] {
  return segmentFaults(key, around.segment(key)!, around, around.vocabulary).map(({ reason, mend }) => at('condition', reason, mend));
}

function formFindings({ consent, pool }: Form, around: Surroundings, at: At): DocumentFinding[] {
  const found: DocumentFinding[] = [];
  if (consent && !around.hasTopic(consent.topic))
    found.push(at('consent.topic', `there is no consent topic '${consent.topic}'`, 'add it to topics.yaml, or name one that is there'));
  if (pool && !around.hasPool(pool))
    found.push(at('pool', `there is no pool '${pool}'`, 'add it to pools.yaml, or name one that is there'));
  return found;
}

/** A manager or a pool that is not there would hear of nothing, or promise nothing. */
function slaFindings(body: unknown, reps: ReadonlySet<string>, around: Surroundings, at: At): DocumentFinding[] {
  const document = slaDocument.parse(body);
  const missing = repsNamed(document).filter(({ rep }) => !reps.has(rep));
  return [
    ...missing.map(({ path, rep }) => at(path, `there is no rep '${rep}'`, 'add them to reps.yaml, or name one who is there')),
    ...Object.keys(document.pools)
      .filter((key) => !around.hasPool(key))
      .map((key) => at(`pools.${key}`, `there is no pool '${key}'`, 'add it to pools.yaml, or name one that is there')),
  ];
}

function callbackFindings({ rules }: Callbacks, around: Surroundings, reps: ReadonlySet<string>, at: At): DocumentFinding[] {
  return rules.flatMap(({ task: { to } }, i) => {
    const unknown = unknownRecipient(to, { hasPool: around.hasPool, hasRep: (key) => reps.has(key) });
    return unknown ? [at(`rules.${i}.task.to`, unknown, 'name a pool or a rep of this workspace, owner or manager')] : [];
  });
}

function topicFindings(document: Topics, around: Surroundings, at: At): DocumentFinding[] {
  return document.topics.flatMap(({ basis, implied, confirm }, i) => [
    ...implied.flatMap(({ event, where }, j) =>
      (around.vocabulary?.event(event, Object.keys(where)) ?? []).map(({ reason, mend }) => at(`topics.${i}.implied.${j}`, reason, mend)),
    ),
    ...(basis === 'double-opt-in' && !around.hasTemplate(confirm.template)
      ? [at(`topics.${i}.confirm.template`, `there is no template '${confirm.template}'`, 'write it, or name one that is there')]
      : []),
  ]);
}
