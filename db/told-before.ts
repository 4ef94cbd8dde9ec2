import { userOf, type CallType, type Said } from '../domain/tracking/call.ts';
import type { Queryable } from './pool.ts';

/** What visitors said of themselves while nobody knew who they were, oldest first, under the names they said it by. */
export async function toldBefore(tx: Queryable, names: readonly string[]): Promise<(Said & { name: string })[]> {
  if (names.length === 0) return [];
  const { rows } = await tx.query<{ name: string; type: CallType; properties: Record<string, unknown>; context: Record<string, unknown> }>(
    `select anonymous_id as name, context->>'type' as type, properties, context from event
      where anonymous_id = any($1) and lead_id is null and source = 'segment'
        and (context->>'type' in ('identify', 'group') or context ? 'campaign' or context ? 'touch')
      order by at, id limit 10000`,
    [names],
  );
  return rows.map(({ name, type, properties, context }) => {
    const { groupId, ...traits } = properties;
    const grouped = type === 'group';
    return { name, type, userId: userOf(name), groupId: grouped ? String(groupId) : null, traits: grouped ? traits : properties, context };
  });
}
