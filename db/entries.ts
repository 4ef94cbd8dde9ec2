import { entryKindOf, keptSegments } from '../domain/campaign/entries/index.ts';
import type { EntryDocument } from '../domain/campaign/entries/kind.ts';
import { writeDoors } from './doors.ts';
import type { Queryable } from './pool.ts';

/** Writes what brings people into a campaign from now on, in place of what did. `needsScore` goes with the entries. */
export async function writeEntries(
  tx: Queryable,
  campaignId: string,
  entries: readonly EntryDocument[],
  needsScore: readonly boolean[],
): Promise<void> {
  await tx.query('delete from campaign_entry where campaign_id = $1', [campaignId]);
  await tx.query(
    `insert into campaign_entry (campaign_id, position, kind, event, body, needs_score)
     select $1, n - 1, kind, event, body, needs_score
       from unnest($2::text[], $3::text[], $4::jsonb[], $5::boolean[]) with ordinality as e (kind, event, body, needs_score, n)`,
    [
      campaignId,
      entries.map((entry) => entryKindOf(entry)!.kind),
      entries.map((entry) => entryKindOf(entry)!.event?.(entry) ?? null),
      entries.map((entry) => JSON.stringify(entry)),
      needsScore,
    ],
  );
  const segments = keptSegments(entries);
  await tx.query('delete from segment_entry where campaign_id = $1 and not segment_key = any($2)', [campaignId, segments]);
  await tx.query(
    `with joined as (
       insert into segment_entry (campaign_id, segment_key) select $1, key from unnest($2::text[]) as key on conflict do nothing returning segment_key)
     insert into kept_segment (segment_key) select segment_key from joined order by segment_key
     on conflict (segment_key) do update set due_at = least(kept_segment.due_at, clock())`,
    [campaignId, segments],
  );
  await writeDoors(tx, campaignId, entries);
}
