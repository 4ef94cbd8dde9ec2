import { TendrilError } from '../../domain/errors.ts';
import type { HandoverKind } from '../../domain/offboarding/handover.ts';
import { type Loop, qualificationOf } from '../../domain/loops.ts';
import { writeJournal } from '../journal.ts';
import type { Queryable } from '../pool.ts';
import { retryQueues } from '../queue.ts';
import { findRep, type Rep } from '../reps.ts';
import { type Left, whatIsLeft } from './left.ts';

export interface Asked {
  rep: string;
  /** Key of who is to have everything; null: by rule. */
  to: string | null;
  tellCustomers: boolean;
  /** Name of the key. */
  by: string;
}

/** Both, checked: throws `not_found`, `invalid` for a heir who cannot be one, `conflict` where nobody would be left to do anything. */
export async function whoLeaves(tx: Queryable, { rep: key, to }: Pick<Asked, 'rep' | 'to'>): Promise<{ rep: Rep; heir: Rep | null }> {
  const rep = await findRep(tx, key);
  if (!rep) throw new TendrilError('not_found', `There is no rep '${key}'`);
  const heir = to === null ? null : await findRep(tx, to);
  const wrong =
    to === null
      ? null
      : !heir
        ? `there is no rep '${to}'`
        : heir.id === rep.id
          ? 'is the one who leaves'
          : !heir.active
            ? 'is not active'
            : null;
  if (wrong)
    throw new TendrilError('invalid', `Everything cannot go to '${to}'`, [{ path: 'to', reason: wrong, mend: 'name somebody who stays' }]);
  const { rows } = await tx.query('select from rep where active and id <> $1 limit 1', [rep.id]);
  if (rows.length === 0) throw new TendrilError('conflict', `There is nobody but ${rep.name}: put somebody else first`);
  return { rep, heir };
}

/**
 * Begins the handing over: from this commit on the rep gets nothing new, their links and keys are worth nothing, their mailbox is not read.
 * What is theirs goes to others by the job. Throws `conflict` while one is under way.
 */
export async function startOffboarding(tx: Queryable, asked: Asked): Promise<Loop[]> {
  // One after another: of two who leave in the same instant the second sees that the first is no heir any more, and that somebody is left.
  await tx.query('select from rep where active order by id for no key update');
  const { rep, heir } = await whoLeaves(tx, asked);
  const { rowCount } = await tx.query(
    `insert into offboarding (rep_id, to_rep_id, tell_customers, asked_by, look_at) values ($1, $2, $3, $4, clock()) on conflict do nothing`,
    [rep.id, heir?.id ?? null, asked.tellCustomers, asked.by],
  );
  if (rowCount === 0) throw new TendrilError('conflict', `What ${rep.name} has is being handed over already`);
  await closeDoors(tx, rep.id);
  await writeJournal(tx, [
    { kind: 'rep_leaving', leadId: null, because: { rep: rep.id, name: rep.name, by: asked.by, ...(heir && { to: heir.name }) } },
  ]);
  return [{ kind: 'offboard', rep: rep.key }];
}

/** Nothing new for them, and nothing of theirs is worth anything any more. */
export async function closeDoors(tx: Queryable, repId: string): Promise<void> {
  await tx.query(
    'update rep set active = false, left_at = coalesce(left_at, clock()), link_epoch = link_epoch + 1, day_look_at = null where id = $1',
    [repId],
  );
  await tx.query('update rep set stand_in_rep_id = null where stand_in_rep_id = $1', [repId]);
  await tx.query('update api_key set revoked_at = clock() where rep_id = $1 and revoked_at is null', [repId]);
  await tx.query('update rep_mailbox set active = false where rep_id = $1 and active', [repId]);
}

/**
 * Ends it half way: what was handed over stays where it is, and with the rest the rep is active again. Answers whom to poke: waiting queues may
 * give to them again. Throws `conflict` where none is under way.
 */
export async function cancelOffboarding(tx: Queryable, key: string, by: string): Promise<Loop[]> {
  const { rows } = await tx.query<{ repId: string; name: string }>(
    `update offboarding o set state = 'cancelled', look_at = null, ended_at = clock() from rep r
      where r.id = o.rep_id and r.key = $1 and o.state = 'running' returning o.rep_id as "repId", r.name`,
    [key],
  );
  if (!rows[0]) throw new TendrilError('conflict', 'Nothing is being handed over');
  await tx.query('update rep set active = true, left_at = null where id = $1', [rows[0].repId]);
  await writeJournal(tx, [{ kind: 'rep_stays', leadId: null, because: { rep: rows[0].repId, name: rows[0].name, by } }]);
  const waiting = await retryQueues(tx, null);
  return [{ kind: 'offboard', rep: key }, ...qualificationOf(waiting)];
}

/** Somebody who had left is there again, with nothing. Answers whom to poke. Throws `conflict` for somebody who has not left, or not yet. */
export async function comeBack(tx: Queryable, key: string, by: string): Promise<Loop[]> {
  const { rows } = await tx.query<{ id: string; name: string }>(
    `update rep r set active = true, left_at = null where r.key = $1 and r.left_at is not null
        and not exists (select from offboarding o where o.rep_id = r.id and o.state = 'running') returning id, name`,
    [key],
  );
  if (!rows[0]) throw new TendrilError('conflict', 'They have not left, or their things are still being handed over');
  await writeJournal(tx, [{ kind: 'rep_stays', leadId: null, because: { rep: rows[0].id, name: rows[0].name, by } }]);
  return qualificationOf(await retryQueues(tx, null));
}

/** How a handing over stands. */
export interface Offboarding {
  id: string;
  rep: { key: string; name: string };
  state: 'running' | 'done' | 'cancelled';
  to: { key: string; name: string } | null;
  tellCustomers: boolean;
  askedBy: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Why the last look failed; it is tried again. */
  error: string | null;
  /** Handed over until now. */
  handedOver: Record<HandoverKind, number>;
  /** Who got how much, and by which rules. */
  heirs: { rep: { key: string; name: string }; by: string[]; things: Record<HandoverKind, number> }[];
  /** Customers who have been written to. */
  customersTold: number;
  /** Theirs at this moment; of one that is done, what was counted at its end. */
  left: Left;
  /** Documents that name them still: nobody changes those but you. */
  namedIn: string[];
}

const things = `jsonb_build_object(${['account', 'opportunity', 'task', 'sequence'].map((kind) => `'${kind}', count(*) filter (where h.kind = '${kind}')`).join(', ')})`;

/** The latest handing over of this rep's things. Throws `not_found`. */
export async function findOffboarding(tx: Queryable, key: string): Promise<Offboarding> {
  const { rows } = await tx.query<
    Omit<Offboarding, 'heirs' | 'handedOver' | 'customersTold' | 'namedIn' | 'left'> & { repId: string; result: Left | null }
  >(
    `select o.id, o.rep_id as "repId", jsonb_build_object('key', r.key, 'name', r.name) as rep, o.state,
            case when h.id is not null then jsonb_build_object('key', h.key, 'name', h.name) end as "to", o.tell_customers as "tellCustomers",
            o.asked_by as "askedBy", o.started_at as "startedAt", o.ended_at as "endedAt", o.error, o.result
       from offboarding o join rep r on r.id = o.rep_id left join rep h on h.id = o.to_rep_id
      where r.key = $1 order by o.id desc limit 1`,
    [key],
  );
  const found = rows[0];
  if (!found) throw new TendrilError('not_found', 'Nothing of theirs was handed over');
  const { repId, result, ...view } = found;
  return { ...view, ...(await handedOver(tx, found.id)), left: result ?? (await whatIsLeft(tx, repId)), namedIn: await namedIn(tx, key) };
}

/** What went to whom. */
export async function handedOver(tx: Queryable, id: string): Promise<Pick<Offboarding, 'handedOver' | 'heirs' | 'customersTold'>> {
  const { rows: heirs } = await tx.query<Offboarding['heirs'][number]>(
    `select jsonb_build_object('key', r.key, 'name', r.name) as rep, array_agg(distinct h.by order by h.by) as by, ${things} as things
       from handover h join rep r on r.id = h.to_rep_id where h.offboarding_id = $1 group by r.id order by r.key`,
    [id],
  );
  const { rows } = await tx.query<{ all: Record<HandoverKind, number>; told: number }>(
    `select ${things} as all, (select customers_told from offboarding where id = $1) as told from handover h where h.offboarding_id = $1`,
    [id],
  );
  return { heirs, handedOver: rows[0]!.all, customersTold: rows[0]!.told };
}

/** Documents in force that name this rep by key: a push from an old folder, or a rule, would go on meaning them. */
export async function namedIn(tx: Queryable, key: string): Promise<string[]> {
  const { rows } = await tx.query<{ kind: string }>(
    `select distinct kind from (select distinct on (kind, key) kind, body from document order by kind, key, version desc) d
      where kind in ('routing', 'standard', 'callbacks', 'form', 'sla', 'pools')
        and jsonb_path_exists(body, '$.** ? (@ == $key)', jsonb_build_object('key', $1::text)) order by kind`,
    [key],
  );
  return rows.map(({ kind }) => kind);
}
