import type { ConditionDocument, ConditionScope } from '../domain/conditions/condition.ts';
import type { Queryable } from './pool.ts';

/** Every segment as it stands, by key. */
export async function loadSegments(tx: Queryable): Promise<Map<string, ConditionDocument>> {
  const { rows } = await tx.query<{ key: string; condition: ConditionDocument }>(
    `select distinct on (key) key, body -> 'condition' as condition from document where kind = 'segment' order by key, version desc`,
  );
  return new Map(rows.map((row) => [row.key, row.condition]));
}

/** The segments that a condition may name. */
export async function segmentScope(tx: Queryable): Promise<ConditionScope> {
  const segments = await loadSegments(tx);
  return { segment: (key) => segments.get(key) };
}
