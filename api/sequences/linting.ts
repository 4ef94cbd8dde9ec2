import type { Queryable } from '../../db/pool.ts';
import type { Finding } from '../../domain/campaign/lint.ts';
import { TendrilError } from '../../domain/errors.ts';
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
  if (sequence) return { sequence, warnings: findings };
  const errors = findings.filter((one) => one.level === 'error');
  throw new TendrilError('invalid', `The sequence has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}`, errors);
}
