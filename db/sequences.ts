import { TendrilError } from '../domain/errors.ts';
import { asCampaign, type Sequence } from '../domain/sequences/document.ts';
import { compile, watchesAccount } from '../domain/campaign/plan.ts';
import { archive, pause, resume } from './campaign-life.ts';
import { type CampaignRow, saveVersion } from './campaigns.ts';
import { cancelDrafts } from './drafts.ts';
import type { Queryable } from './pool.ts';
import { segmentScope } from './segments.ts';

/** A sequence as it stands: a row among the campaigns. */
export type SequenceRow = CampaignRow;

const ROW = `select c.id, c.key, c.name, c.state, c.live_version_id as "liveVersionId", v.number as "liveVersion", c.paused_at as "pausedAt",
  (select max(number) from campaign_version where campaign_id = c.id) as "newestVersion"
  from campaign c left join campaign_version v on v.id = c.live_version_id where c.kind = 'sequence'`;

export async function listSequences(tx: Queryable): Promise<SequenceRow[]> {
  const { rows } = await tx.query<SequenceRow>(`${ROW} order by c.key`);
  return rows;
}

/** One sequence by its key. Throws `not_found`. */
export async function requireSequence(tx: Queryable, key: string): Promise<SequenceRow> {
  const { rows } = await tx.query<SequenceRow>(`${ROW} and c.key = $1`, [key]);
  if (!rows[0]) throw new TendrilError('not_found', `There is no sequence '${key}'`);
  return rows[0];
}

/**
 * Stores the document as a new version, unless the newest says the same; runs that begin from now on take it, those under way stay on theirs.
 * Linted before. Throws `conflict` where the key is a campaign's, or the sequence is archived.
 */
export async function saveSequence(tx: Queryable, document: Sequence): Promise<{ number: number; added: boolean }> {
  const { campaignId, versionId, number, added } = await saveVersion(tx, document, 'sequence');
  const plan = compile(asCampaign(document), await segmentScope(tx));
  const { rowCount } = await tx.query(
    `update campaign set state = case state when 'draft' then 'live' else state end, live_version_id = $2, by_account = by_account or $3
      where id = $1 and state <> 'archived'`,
    [campaignId, versionId, watchesAccount(plan)],
  );
  if (rowCount !== 1) throw new TendrilError('conflict', 'An archived sequence stays archived: save it under another key');
  return { number, added };
}

/** Stops its runs where they stand, and their mail; clocks run on. False when it is not live. */
export const pauseSequence = pause;

/** Its runs go on; what fell due meanwhile is done now. False when it is not paused. */
export const resumeSequence = (tx: Queryable, id: string): Promise<boolean> => resume(tx, id, { how: 'send' });

/** Ends it for good: every run of it ends, and nothing more of it leaves. False when it is archived already. */
export async function archiveSequence(tx: Queryable, id: string): Promise<boolean> {
  const { rows } = await tx.query<{ id: string }>(`select id from enrolment where campaign_id = $1 and state = 'active'`, [id]);
  if (!(await archive(tx, id))) return false;
  await cancelDrafts(
    tx,
    rows.map((run) => run.id),
  );
  return true;
}
