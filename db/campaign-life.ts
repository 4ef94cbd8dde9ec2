import type { Campaign } from '../domain/campaign/document.ts';
import { compile, watchesAccount } from '../domain/campaign/plan.ts';
import { writeEntries } from './entries.ts';
import type { Queryable } from './pool.ts';
import { segmentScope } from './segments.ts';
import { wakeHeldBy } from './turns.ts';

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
