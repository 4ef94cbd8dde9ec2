import { TendrilError } from '../domain/errors.ts';
import type { Campaign } from '../domain/campaign/document.ts';
import type { ConditionDocument } from '../domain/conditions/condition.ts';
import type { NurtureRange } from './enrolments.ts';
import type { Queryable } from './pool.ts';
import { loadSegments } from './segments.ts';

export type CampaignState = 'draft' | 'live' | 'paused' | 'archived';

export interface CampaignRow {
  id: string;
  key: string;
  name: string;
  state: CampaignState;
  liveVersionId: string | null;
  liveVersion: number | null;
  newestVersion: number;
  pausedAt: Date | null;
}

const ROW = `select c.id, c.key, c.name, c.state, c.live_version_id as "liveVersionId", v.number as "liveVersion", c.paused_at as "pausedAt",
  (select max(number) from campaign_version where campaign_id = c.id) as "newestVersion"
  from campaign c left join campaign_version v on v.id = c.live_version_id`;

export async function listCampaigns(tx: Queryable): Promise<CampaignRow[]> {
  const { rows } = await tx.query<CampaignRow>(`${ROW} where c.kind = 'campaign' order by c.key`);
  return rows;
}

/** One campaign by its key. Throws `not_found`. */
export async function requireCampaign(tx: Queryable, key: string): Promise<CampaignRow> {
  const { rows } = await tx.query<CampaignRow>(`${ROW} where c.key = $1 and c.kind = 'campaign'`, [key]);
  if (!rows[0]) throw new TendrilError('not_found', `There is no campaign '${key}'`);
  return rows[0];
}

/** Stores the document as a new version, unless the newest already says the same. Answers its number. Versions are never changed. Throws `conflict` where the key is another kind’s. */
export async function saveVersion(
  tx: Queryable,
  document: Pick<Campaign, 'key' | 'name'>,
  kind: 'campaign' | 'sequence' = 'campaign',
): Promise<{ campaignId: string; versionId: string; number: number; added: boolean }> {
  const { rows: campaigns } = await tx.query<{ id: string }>(
    `insert into campaign as c (key, name, kind) values ($1, $2, $3)
     on conflict (key) do update set name = excluded.name, updated_at = clock() where c.kind = excluded.kind returning id`,
    [document.key, document.name, kind],
  );
  if (!campaigns[0])
    throw new TendrilError(
      'conflict',
      `'${document.key}' is the key of a ${kind === 'campaign' ? 'sequence' : 'campaign'}: they share them`,
    );
  const campaignId = campaigns[0].id;
  const body = JSON.stringify(document);
  const { rows } = await tx.query<{ versionId: string; number: number; added: boolean }>(
    `with newest as (select id, number, body from campaign_version where campaign_id = $1 order by number desc limit 1),
     added as (
       insert into campaign_version (campaign_id, number, body)
       select $1, coalesce((select number from newest), 0) + 1, $2::jsonb where not exists (select from newest where body = $2::jsonb)
       returning id, number)
     select id as "versionId", number, true as added from added
     union all select id, number, false from newest where not exists (select from added)`,
    [campaignId, body],
  );
  return { campaignId, ...rows[0]! };
}

/** What a nurture loop must know before it looks; null when there is no such campaign. */
export interface LoopCampaign {
  state: CampaignState;
  liveVersionId: string | null;
  skipBefore: Date | null;
  /** Since when it is live again, and until when those whom a moment of the pause brings are strewn. */
  resumedAt: Date | null;
  spreadUntil: Date | null;
  pausedSteps: string[];
  /** Whether some entry opens by the clock. */
  hasDoors: boolean;
  /** Whether the workspace is still divided so that this range is one of its loops. */
  current: boolean;
}

export async function loopCampaign(tx: Queryable, { campaignId, from, to }: NurtureRange): Promise<LoopCampaign | null> {
  const { rows } = await tx.query<LoopCampaign>(
    `select c.state, c.live_version_id as "liveVersionId", c.skip_before as "skipBefore",
            c.resumed_at as "resumedAt", c.spread_until as "spreadUntil",
            array(select step_id from step_pause where campaign_id = c.id) as "pausedSteps", exists (select from campaign_door where campaign_id = c.id) as "hasDoors",
            256 / w.ranges = $3::int - $2::int + 1 and c.kind = 'campaign' as current
       from campaign c, workspace w where c.id = $1`,
    [campaignId, from, to],
  );
  return rows[0] ?? null;
}

/** The documents of these versions, and every segment as it stands. `segmentsVersion` tells when they have changed. */
export async function loadVersions(
  tx: Queryable,
  versionIds: readonly string[],
): Promise<{ versions: Map<string, unknown>; segments: Map<string, ConditionDocument> }> {
  const { rows: versions } = await tx.query<{ id: string; body: unknown }>(
    'select id, body from campaign_version where id = any($1::uuid[])',
    [versionIds],
  );
  return { versions: new Map(versions.map((row) => [row.id, row.body])), segments: await loadSegments(tx) };
}

/** A number that changes whenever a segment does, or is removed. */
export async function segmentsVersion(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `select coalesce(sum(hashtext(key || version || created_at)), 0)::float8 as version from document where kind = 'segment'`,
  );
  return rows[0]!.version;
}

/** Adds to how many have gone on from each step, in the row of this loop. */
export async function countPassed(tx: Queryable, { campaignId, from }: NurtureRange, stepIds: readonly string[]): Promise<void> {
  if (stepIds.length === 0) return;
  await tx.query(
    `insert into step_passed (campaign_id, step_id, slot_from, passed)
     select $1, step_id, $2, count(*) from unnest($3::text[]) as s (step_id) group by step_id order by step_id
     on conflict (campaign_id, step_id, slot_from) do update set passed = step_passed.passed + excluded.passed`,
    [campaignId, from, stepIds],
  );
}

/** The document of the newest version as it was stored. */
export async function newestDocument(tx: Queryable, campaignId: string): Promise<unknown> {
  const { rows } = await tx.query<{ body: unknown }>(
    'select body from campaign_version where campaign_id = $1 order by number desc limit 1',
    [campaignId],
  );
  return rows[0]?.body;
}
