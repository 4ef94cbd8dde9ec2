import { campaign } from '../campaign/document.ts';
import type { Surroundings } from '../campaign/lint.ts';
import type { MailOfStep, StepIssue } from '../campaign/step.ts';
import { startsIn } from '../campaign/walk.ts';
import type { ConditionDocument } from '../conditions/condition.ts';
import { topics } from '../consent/topics.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

interface Document {
  kind: string;
  key: string;
  body: unknown;
}

/** What campaigns, segments and forms may name, from a workspace's documents (each kind and key once), templates and pools. */
export function surroundingsOf(
  documents: readonly Document[],
  hasTemplate: (key: string) => boolean,
  pools: Iterable<string>,
  mailFaults?: (mail: MailOfStep, known: Vocabulary) => StepIssue[],
  letterFaults?: (letter: { subject?: string | undefined; text: string }, known: Vocabulary) => StepIssue[],
): Surroundings {
  const segments = new Map(
    documents.flatMap(({ kind, key, body }) => (kind === 'segment' ? [[key, (body as { condition: ConditionDocument }).condition]] : [])),
  );
  const bases = new Map(
    documents.flatMap(({ kind, body }) =>
      kind === 'topics' ? topics.parse(body).topics.map(({ key, basis }) => [key, basis] as const) : [],
    ),
  );
  const poolKeys = new Set(pools);
  const campaigns = new Map(documents.flatMap(({ kind, key, body }) => (kind === 'campaign' ? [[key, body]] : [])));
  const vocabulary = vocabularyOf(documents);
  return {
    segment: (key) => segments.get(key),
    hasTemplate,
    ...(mailFaults && { mailFaults: (mail: MailOfStep) => mailFaults(mail, vocabulary) }),
    ...(letterFaults && { letterFaults: (letter: { subject?: string | undefined; text: string }) => letterFaults(letter, vocabulary) }),
    hasTopic: (key) => bases.has(key),
    asksToConfirm: (key) => bases.get(key) === 'double-opt-in',
    hasPool: (key) => poolKeys.has(key),
    startsOf: (key) => {
      if (!campaigns.has(key)) return undefined;
      const parsed = campaign.safeParse(campaigns.get(key)).data;
      return parsed ? startsIn(parsed) : [];
    },
    vocabulary,
  };
}
