import { workspaceDocuments } from '../../db/workspace-documents.ts';
import type { Queryable } from '../../db/pool.ts';
import { poolKeys } from '../../db/pools.ts';
import { listReps } from '../../db/reps.ts';
import { lint, type LintResult, type Surroundings } from '../../domain/campaign/lint.ts';
import type { Campaign } from '../../domain/campaign/document.ts';
import type { MailOfStep } from '../../domain/campaign/step.ts';
import { type Finding, refuseErrors } from '../../domain/finding.ts';
import { surroundingsOf } from '../../domain/workspace/surroundings.ts';
import type { Vocabulary } from '../../domain/workspace/vocabulary.ts';
import { mailFaults } from '../../messaging/template-lint/campaign-mails.ts';
import { letterFaults } from '../../messaging/template-lint/letters.ts';
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
  refuseErrors('campaign', findings);
  return { campaign: campaign!, warnings: findings };
}

/** What documents may name in this workspace. */
export async function surroundings(tx: Queryable, templates: Templates): Promise<Surroundings> {
  await templates.refresh(tx);
  const reps = new Set((await listReps(tx)).map(({ key }) => key));
  const faults = (mail: MailOfStep, known: Vocabulary) => mailFaults(templates, mail, known);
  return {
    ...surroundingsOf(await workspaceDocuments(tx), templates.has, await poolKeys(tx), faults, letterFaults),
    hasRep: (key) => reps.has(key),
  };
}
