import { type Move, moves } from '../domain/lifecycle.ts';
import type { Queryable } from './pool.ts';

/**
 * Moves the leads that this move applies to (domain/lifecycle.ts) and journals each; the rest stay as they are. Answers who moved.
 * Call it under `lockLeads`; waking them is the caller's, who mostly does it anyway.
 */
export async function moveStage(
  tx: Queryable,
  leadIds: readonly string[],
  move: Move,
  opportunityId: string | null = null,
): Promise<string[]> {
  if (leadIds.length === 0) return [];
  const { to, from } = moves[move];
  const { rows } = await tx.query<{ id: string }>(
    `with before as (select id, stage from lead where id = any($1::uuid[]) and stage = any($3)),
     moved as (update lead set stage = $2, updated_at = clock() from before where lead.id = before.id returning lead.id, before.stage),
     noted as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'stage_changed', id, $5, jsonb_build_object('from', stage, 'to', $2::text, 'by', $4::text) from moved order by id)
     select id from moved`,
    [leadIds, to, from, move, opportunityId],
  );
  return rows.map((row) => row.id);
}
