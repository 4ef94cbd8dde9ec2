import { TendrilError } from '../domain/errors.ts';
import type { Campaign } from '../domain/campaign/document.ts';
import { compile, watchesAccount } from '../domain/campaign/plan.ts';
import type { ConditionDocument } from '../domain/conditions/condition.ts';
import type { NurtureRange } from './enrolments.ts';
import { writeEntries } from './entries.ts';
import type { Queryable } from './pool.ts';
import { wakeHeldBy } from './turns.ts';
import { loadSegments, segmentScope } from './segments.ts';

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

/**
 * The newest version takes newcomers from now on; its entries are listened to. Those under way stay on theirs. False when it is paused or
 * archived, which may have happened since the caller looked.
 */
export async function launch(tx: Queryable, campaignId: string, document: Campaign, needsScore: readonly boolean[]): Promise<boolean> {
  const scope = await segmentScope(tx);
  const { rowCount } = await tx.query(
    `update campaign set state = 'live', paused_at = null, updated_at = clock(), by_account = by_account or $2,
       live_version_id = (select id from campaign_version where campaign_id = $1 order by number desc limit 1)
      where id = $1 and state in ('draft', 'live')`,
    [campaignId, watchesAccount(compile(document, scope))],
  );
  if (rowCount !== 1) return false;
  await writeEntries(tx, campaignId, document.entry, needsScore);
  return true;
}

/** Stops its loops and its mail; clocks run on, and those who would enter wait. False when it is not live. */
export async function pause(tx: Queryable, campaignId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update campaign set state = 'paused', paused_at = clock(), updated_at = clock() where id = $1 and state = 'live'`,
    [campaignId],
  );
  if (rowCount !== 1) return false;
  await wakeHeldBy(tx, campaignId);
  return true;
}

/** What is done with all that fell due during a pause. `spread` takes milliseconds. */
export type Overdue = { how: 'send' } | { how: 'skip' } | { how: 'spread'; ms: number };

/**
 * Goes on after a pause. `send`: all that is overdue at once. `skip`: mails that fell due meanwhile are left out, and so is whoever
 * would have entered; what happened meanwhile counts as ever, and whoever waited for it goes on now. `spread`: the overdue are strewn over
 * the time given, each always at the same place, and so are newcomers. False when it is not paused.
 */
export async function resume(tx: Queryable, campaignId: string, overdue: Overdue): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update campaign
        set state = 'live', paused_at = null, updated_at = clock(), skip_before = case when $2 then clock() else skip_before end,
            resumed_at = clock(), spread_until = clock() + make_interval(secs => $3::float8 / 1000)
      where id = $1 and state = 'paused'`,
    [campaignId, overdue.how === 'skip', overdue.how === 'spread' ? overdue.ms : null],
  );
  if (rowCount !== 1) return false;
  if (overdue.how === 'skip') {
    await tx.query(
      `with left_out as (delete from candidate where campaign_id = $1 and (due_at is null or due_at <= clock()) returning lead_id)
       insert into journal (kind, lead_id, campaign_id, because) select 'not_entered', lead_id, $1, '{"rule": "paused"}' from left_out`,
      [campaignId],
    );
    await tx.query(
      `with skipped as (
         update send set state = 'cancelled', reason = 'paused', settled_at = clock() where campaign_id = $1 and state = 'queued' and due_at <= clock() returning enrolment_id)
       insert into wake (campaign_id, slot, enrolment_id)
       select e.campaign_id, e.slot, e.id from skipped s join enrolment e on e.id = s.enrolment_id order by e.id`,
      [campaignId],
    );
  }
  if (overdue.how === 'spread') {
    const later = `clock() + make_interval(secs => $2 / 1000.0 * (hashtext(id::text) & 65535) / 65536.0)`;
    await tx.query(`update enrolment set due_at = ${later} where campaign_id = $1 and state = 'active' and due_at <= clock()`, [
      campaignId,
      overdue.ms,
    ]);
    await tx.query(`update send set due_at = ${later} where campaign_id = $1 and state = 'queued' and due_at <= clock()`, [
      campaignId,
      overdue.ms,
    ]);
    await tx.query(`update candidate set due_at = ${later} where campaign_id = $1 and (due_at is null or due_at <= clock())`, [
      campaignId,
      overdue.ms,
    ]);
  }
  return true;
}

/** Ends it for good: nobody enters, everyone in it leaves, what is queued is cancelled. False when it is archived already. */
export async function archive(tx: Queryable, campaignId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update campaign set state = 'archived', paused_at = null, updated_at = clock() where id = $1 and state <> 'archived'`,
    [campaignId],
  );
  if (rowCount !== 1) return false;
  await writeEntries(tx, campaignId, [], []);
  await tx.query('delete from candidate where campaign_id = $1', [campaignId]);
  await wakeHeldBy(tx, campaignId);
  await tx.query(
    `with out as (
       select id from enrolment where campaign_id = $1 and state = 'active' order by id for no key update),
     ended as (
       update enrolment e set state = 'exited', ended_at = clock(), end_reason = 'archived', waiting = null, due_at = null, seq = e.seq + 1
         from out where e.id = out.id returning e.id, e.lead_id, e.step_id, e.seq)
     insert into journal (kind, lead_id, campaign_id, enrolment_id, seq, step_id, because)
     select 'exited', lead_id, $1, id, seq, step_id, '{"rule": "archived"}' from ended`,
    [campaignId],
  );
  await tx.query(
    `update send set state = 'cancelled', reason = 'archived', settled_at = clock() where campaign_id = $1 and state = 'queued'`,
    [campaignId],
  );
  return true;
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
  const { rows: versions } = await tx.query<{ id: string; body: unknown }>('select id, body from campaign_version where id = any($1)', [
    versionIds,
  ]);
  return { versions: new Map(versions.map((row) => [row.id, row.body])), segments: await loadSegments(tx) };
}

/** A number that changes whenever a segment does, or is removed. */
export async function segmentsVersion(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `select coalesce(sum(hashtext(key || version || created_at)), 0)::float8 as version from document where kind = 'segment'`,
  );
  return rows[0]!.version;
}

export interface StepCount {
  stepId: string;
  active: number;
  /** Enrolments that have gone on from here. */
  passed: number;
}

export interface CampaignCounts {
  entered: number;
  active: number;
  completed: number;
  goal: number;
  exited: number;
  steps: StepCount[];
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

/** How many stand where, and how many have passed each step, of all versions together. Test leads stay out. */
export async function campaignCounts(tx: Queryable, campaignId: string): Promise<CampaignCounts> {
  const { rows: states } = await tx.query<{ state: string; stepId: string; n: number }>(
    'select state, step_id as "stepId", count(*)::int as n from enrolment where campaign_id = $1 and not test group by state, step_id',
    [campaignId],
  );
  const { rows: passed } = await tx.query<{ stepId: string; n: number }>(
    'select step_id as "stepId", sum(passed)::int as n from step_passed where campaign_id = $1 group by step_id',
    [campaignId],
  );
  const of = (state: string): number => states.filter((row) => row.state === state).reduce((sum, row) => sum + row.n, 0);
  const ids = [
    ...new Set([...states.filter((row) => row.state === 'active').map((row) => row.stepId), ...passed.map((row) => row.stepId)]),
  ];
  return {
    entered: states.reduce((sum, row) => sum + row.n, 0),
    active: of('active'),
    completed: of('completed'),
    goal: of('goal'),
    exited: of('exited'),
    steps: ids.map((stepId) => ({
      stepId,
      active: states.find((row) => row.state === 'active' && row.stepId === stepId)?.n ?? 0,
      passed: passed.find((row) => row.stepId === stepId)?.n ?? 0,
    })),
  };
}

/** The document of a version as it was stored. */
export async function newestDocument(tx: Queryable, campaignId: string): Promise<unknown> {
  const { rows } = await tx.query<{ body: unknown }>(
    'select body from campaign_version where campaign_id = $1 order by number desc limit 1',
    [campaignId],
  );
  return rows[0]?.body;
}
