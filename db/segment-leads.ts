import { parseCondition } from '../domain/conditions/condition.ts';
import { conditionFrom, conditionSql } from './conditions/condition-sql.ts';
import { createParams } from './conditions/params.ts';
import type { Queryable } from './pool.ts';
import { segmentScope } from './segments.ts';
import type { Surroundings } from './surroundings.ts';

/** Who is in a segment at this moment, tests left out. One statement. Throws where there is no such segment. */
export async function leadsInSegment(tx: Queryable, key: string, around: Surroundings): Promise<string[]> {
  const condition = parseCondition({ segment: key }, await segmentScope(tx));
  const params = createParams();
  const predicate = conditionSql(condition, { params, around });
  const { rows } = await tx.query<{ id: string }>(
    `select l.id from ${conditionFrom} where not l.test and ${predicate} order by l.id`,
    params.values,
  );
  return rows.map((row) => row.id);
}
