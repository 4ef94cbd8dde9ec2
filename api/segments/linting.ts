import type { Queryable } from '../../db/pool.ts';
import { condition as conditionSchema, type ConditionDocument } from '../../domain/conditions/condition.ts';
import { segmentFaults } from '../../domain/conditions/segment-faults.ts';
import { type Issue, TendrilError } from '../../domain/errors.ts';
import type { Templates } from '../../messaging/templates.ts';
import { surroundings } from '../campaigns/linting.ts';

/** Reads a segment's condition against this workspace. `key` is the segment's own, null for one that is only tried out. Throws `invalid` with every fault. */
export async function requireCondition(
  tx: Queryable,
  templates: Templates,
  key: string | null,
  given: Record<string, unknown>,
): Promise<ConditionDocument> {
  const parsed = conditionSchema.safeParse(given);
  if (!parsed.success)
    throw faulty(parsed.error.issues.map(({ path, message }) => ({ path: ['condition', ...path].join('.'), reason: message })));
  const around = await surroundings(tx, templates);
  const faults = segmentFaults(key, parsed.data, around, around.vocabulary);
  if (faults.length > 0) throw faulty(faults.map((fault) => ({ path: 'condition', ...fault })));
  return parsed.data;
}

const faulty = (issues: Issue[]): TendrilError => new TendrilError('invalid', `The condition is not valid: ${issues[0]!.reason}`, issues);
