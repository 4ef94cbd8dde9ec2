import { type ConditionDocument, parseSegment } from '../domain/conditions/condition.ts';
import { conditionFrom, conditionSql } from './conditions/condition-sql.ts';
import { createParams } from './conditions/params.ts';
import { segmentScope } from './segments.ts';
import type { Queryable } from './pool.ts';
import { loadSurroundings } from './surroundings.ts';

/** Who is in a segment just now, tests left out, in the order of their ids. Throws where there is no such segment. */
export async function leadsInSegment(tx: Queryable, key: string): Promise<string[]> {
  return leadsWhere(tx, { segment: key });
}

/** Of whom a condition holds just now, tests left out, in the order of their ids. */
export async function leadsWhere(tx: Queryable, condition: ConditionDocument): Promise<string[]> {
  const params = createParams();
  const around = await loadSurroundings(tx);
  const predicate = conditionSql(parseSegment(condition, await segmentScope(tx)), { params, around });
  const { rows } = await tx.query<{ id: string }>(
    `select l.id from ${conditionFrom} where not l.test and ${predicate} order by l.id`,
    params.values,
  );
  return rows.map((row) => row.id);
}
