import type { Queryable } from '../../db/pool.ts';
import { type Finding, refuseErrors } from '../../domain/finding.ts';
import type { Sequence } from '../../domain/sequences/document.ts';
import { lintSequence, type SequenceLint } from '../../domain/sequences/lint.ts';
import type { Templates } from '../../messaging/templates.ts';
import { surroundings } from '../campaigns/linting.ts';

/** Lints a sequence against this workspace. */
export async function lintSequenceHere(tx: Queryable, templates: Templates, document: unknown): Promise<SequenceLint> {
  return lintSequence(document, await surroundings(tx, templates));
}

/** The same, for what must be without error. Throws `invalid` with every finding. */
export async function requireSound(
  tx: Queryable,
  templates: Templates,
  document: unknown,
): Promise<{ sequence: Sequence; warnings: Finding[] }> {
  const { sequence, findings } = await lintSequenceHere(tx, templates, document);
  refuseErrors('sequence', findings);
  return { sequence: sequence!, warnings: findings };
}
