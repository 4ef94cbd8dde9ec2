import { type ConditionDocument, type ConditionScope, parseSegment } from '../domain/conditions/condition.ts';
import { conditionFrom, conditionSql } from './conditions/condition-sql.ts';
import { createParams } from './conditions/params.ts';
import type { Queryable } from './pool.ts';
import { loadSurroundings } from './surroundings.ts';

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

/**
 * Of how many leads each of these conditions holds just now, tests left out: one pass over the leads for all of them. A condition that cannot be
 * read, because a segment it names is gone, holds of nobody.
 */
export async function countLeads(tx: Queryable, conditions: readonly ConditionDocument[]): Promise<number[]> {
  if (conditions.length === 0) return [];
  const params = createParams();
  const around = await loadSurroundings(tx);
  const scope = await segmentScope(tx);
  const counts = conditions.map((condition, i) => `(count(*) filter (where ${predicate(condition)}))::int as n${i}`);
  function predicate(condition: ConditionDocument): string {
    try {
      return conditionSql(parseSegment(condition, scope), { params, around });
    } catch {
      return 'false';
    }
  }
  const { rows } = await tx.query<Record<string, number>>(
    `select ${counts.join(', ')} from ${conditionFrom} where not l.test`,
    params.values,
  );
  return conditions.map((_, i) => rows[0]![`n${i}`]!);
}

export interface SampledLead {
  id: string;
  email: string | null;
  name: string | null;
  company: string | null;
  stage: string;
}

/** The newest `limit` leads of whom a condition holds, tests left out. Throws where it names a segment that is not there. */
export async function sampleLeads(tx: Queryable, condition: ConditionDocument, limit: number): Promise<SampledLead[]> {
  const params = createParams([limit]);
  const around = await loadSurroundings(tx);
  const holds = conditionSql(parseSegment(condition, await segmentScope(tx)), { params, around });
  const { rows } = await tx.query<SampledLead>(
    `select l.id, l.email, l.name, coalesce(a.name, l.company) as company, l.stage from ${conditionFrom}
      where not l.test and ${holds} order by l.id desc limit $1`,
    params.values,
  );
  return rows;
}

/** Who names a segment: campaigns that are not archived, other segments, and rules of the routing document, by key. */
export async function segmentUses(tx: Queryable, key: string): Promise<{ campaigns: string[]; segments: string[]; rules: string[] }> {
  const named = (body: string): string =>
    `(jsonb_path_exists(${body}, '$.**.segment ? (@ == $key)', jsonb_build_object('key', $1::text)) or coalesce(${body} -> 'exclude' ? $1, false))`;
  const { rows } = await tx.query<{ campaigns: string[]; segments: string[]; rules: string[] }>(
    `select array(
              select distinct c.key from campaign c join campaign_version v on v.campaign_id = c.id
               where c.state <> 'archived' and ${named('v.body')}
                 and (v.id = c.live_version_id or v.number = (select max(number) from campaign_version where campaign_id = c.id)
                      or exists (select from enrolment e where e.campaign_id = c.id and e.version_id = v.id and e.state = 'active'))
               order by 1) as campaigns,
            array(
              select key from (select distinct on (key) key, body from document where kind = 'segment' order by key, version desc) d
               where key <> $1 and ${named('d.body')} order by 1) as segments,
            array(
              select r.rule ->> 'key' from (select body from document where kind = 'routing' order by version desc limit 1) d,
                     jsonb_array_elements(d.body -> 'rules') as r (rule)
               where ${named('r.rule')} order by 1) as rules`,
    [key],
  );
  return rows[0]!;
}

/** Removes a segment with all its versions. False when there is none. */
export async function deleteSegment(tx: Queryable, key: string): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from document where kind = 'segment' and key = $1`, [key]);
  return (rowCount ?? 0) > 0;
}
