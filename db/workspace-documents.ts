import { campaign } from '../domain/campaign/document.ts';
import { sequence } from '../domain/sequences/document.ts';
import type { DocumentKind } from '../domain/documents.ts';
import { type Loop, qualificationOf } from '../domain/loops.ts';
import type { WorkspaceDocument } from '../domain/workspace/folder.ts';
import { poolsSchema, repsSchema } from '../domain/workspace/people.ts';
import type { Change } from '../domain/workspace/push.ts';
import { saveVersion } from './campaigns.ts';
import { putDocument } from './documents.ts';
import type { Queryable } from './pool.ts';
import { putPool } from './pools.ts';
import { retryQueues } from './queue.ts';
import { saveSequence } from './sequences.ts';
import { putReps } from './reps.ts';

/** Everything a workspace is made of, each in the version in force: documents, campaigns (the newest version, none that is archived), reps and pools. */
export async function workspaceDocuments(tx: Queryable): Promise<WorkspaceDocument[]> {
  const { rows } = await tx.query<WorkspaceDocument>(
    `(select distinct on (kind, key) kind, key, body from document order by kind, key, version desc)
     union all
     (select distinct on (c.key) c.kind, c.key, v.body from campaign c join campaign_version v on v.campaign_id = c.id
       where c.state <> 'archived' order by c.key, v.number desc)
     union all
     select 'reps', 'default', list from (
       select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('key', key, 'name', name, 'email', email, 'title', title, 'timezone', timezone,
                'hours', hours, 'manager', manager, 'active', active, 'skills', to_jsonb(skills), 'languages', to_jsonb(languages), 'capacity', capacity,
                'partner', partner, 'standIn', (select s.key from rep s where s.id = rep.stand_in_rep_id))) order by key) as list from rep) r where list is not null
     union all
     select 'pools', 'default', list from (
       select jsonb_agg(jsonb_build_object('key', p.key, 'name', p.name, 'members',
                coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('rep', r.key, 'weight', m.weight, 'capacity', m.capacity)) order by r.key)
                            from pool_member m join rep r on r.id = m.rep_id where m.pool_id = p.id), '[]')) || p.settings order by p.key) as list from pool p) p
      where list is not null`,
  );
  return rows;
}

/** One push at a time looks and stores. */
export async function lockWorkspace(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('tendril_push'))`);
}

/**
 * Stores the documents that say something new, in the caller's transaction: reps before the pools that name them; a campaign as a new
 * version, which nobody enters before it is launched. Linted before (`planPush`). Answers whom to poke after the commit.
 */
export async function storeDocuments(tx: Queryable, given: readonly WorkspaceDocument[], changes: readonly Change[]): Promise<Loop[]> {
  const fresh = given.filter((one) => changes.some(({ kind, key, change }) => kind === one.kind && key === one.key && change !== 'same'));
  const bodies = (kind: WorkspaceDocument['kind']): unknown[] => fresh.flatMap((one) => (one.kind === kind ? [one.body] : []));
  for (const reps of bodies('reps')) await putReps(tx, repsSchema.parse(reps));
  for (const pools of bodies('pools')) for (const pool of poolsSchema.parse(pools)) await putPool(tx, pool);
  for (const { kind, key, body } of fresh) {
    if (kind === 'campaign') await saveVersion(tx, campaign.parse(body));
    else if (kind === 'sequence') await saveSequence(tx, sequence.parse(body));
    else if (kind !== 'reps' && kind !== 'pools') await putDocument(tx, kind satisfies DocumentKind, key, body);
  }
  const timesChanged = fresh.some(({ kind }) => kind === 'reps' || kind === 'pools' || kind === 'calendar');
  const waiting = timesChanged ? await retryQueues(tx, null) : [];
  const asked = qualificationOf(waiting);
  if (fresh.some(({ kind }) => kind === 'segment')) asked.push({ kind: 'segments' });
  if (fresh.some(({ kind }) => kind === 'deliverability'))
    asked.push({ kind: 'delivery', lane: 'transactional' }, { kind: 'delivery', lane: 'marketing' });
  return asked;
}
