import { documentsOf } from '../../db/documents.ts';
import { poolKeys } from '../../db/campaigns.ts';
import type { Queryable } from '../../db/pool.ts';
import { type Finding, lint, type LintResult, type Surroundings } from '../../domain/campaign/lint.ts';
import type { Campaign } from '../../domain/campaign/document.ts';
import type { ConditionDocument } from '../../domain/conditions/condition.ts';
import { topics } from '../../domain/consent/topics.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Templates } from '../../messaging/templates.ts';

/** Lints a document against this workspace: its templates, segments, topics and pools. */
export async function lintHere(tx: Queryable, templates: Templates, document: unknown): Promise<LintResult> {
  return lint(document, await surroundings(tx, templates));
}

/** The same, for what must be without error. Throws `invalid` with every finding. */
export async function requireLinted(
  tx: Queryable,
  templates: Templates,
  document: unknown,
): Promise<{ campaign: Campaign; warnings: Finding[] }> {
  const { campaign, findings } = await lintHere(tx, templates, document);
  if (campaign) return { campaign, warnings: findings };
  const errors = findings.filter((one) => one.level === 'error');
  throw new TendrilError('invalid', `The campaign has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}`, errors);
}

async function surroundings(tx: Queryable, templates: Templates): Promise<Surroundings> {
  const segments = new Map(
    (await documentsOf(tx, 'segment')).map(({ key, body }) => [key, (body as { condition: ConditionDocument }).condition]),
  );
  const topicsHere = new Set((await documentsOf(tx, 'topics')).flatMap(({ body }) => topicKeys(body)));
  const pools = new Set(await poolKeys(tx));
  return {
    segment: (key) => segments.get(key),
    hasTemplate: templates.has,
    hasTopic: (key) => topicsHere.has(key),
    hasPool: (key) => pools.has(key),
  };
}

const topicKeys = (body: unknown): string[] => topics.parse(body).topics.map(({ key }) => key);
