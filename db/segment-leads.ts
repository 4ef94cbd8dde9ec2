import { parseCondition } from '../domain/conditions/condition.ts';
import { conditionFrom, conditionSql } from './conditions/condition-sql.ts';
import { createParams } from './conditions/params.ts';
import type { Queryable } from './pool.ts';
import { segmentScope } from './segments.ts';
import type { Surroundings } from './surroundings.ts';

/** Who is in a segment, as SQL. */
export interface SegmentPredicate {
  sql: string;
  values: unknown[];
}

/** The predicate of a segment as it stands, or why there is none. */
export async function segmentPredicate(tx: Queryable, key: string, around: Surroundings): Promise<SegmentPredicate | { fault: string }> {
  const scope = await segmentScope(tx);
  const params = createParams();
  try {
    return { sql: conditionSql(parseCondition({ segment: key }, scope), { params, around }), values: params.values };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** The leads a predicate holds for, tests left out. One statement. */
export async function leadsWhere(tx: Queryable, { sql, values }: SegmentPredicate): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`select l.id from ${conditionFrom} where not l.test and ${sql} order by l.id`, values);
  return rows.map((row) => row.id);
}
