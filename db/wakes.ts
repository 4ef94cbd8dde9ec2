import type { Queryable } from './pool.ts';

/**
 * Locks the leads in id order, so that storing a fact and creating an enrolment never pass each other unseen.
 * Every change of a lead's facts and every new enrolment takes this lock first.
 */
export async function lockLeads(tx: Queryable, leadIds: readonly string[]): Promise<void> {
  if (leadIds.length > 0) await tx.query('select from lead where id = any($1) order by id for no key update', [leadIds]);
}

/**
 * Facts about these leads changed: each of their active enrolments is looked at again, and their score too unless the
 * score itself is what changed. Call it under `lockLeads`. Answers the loops to poke once the transaction is committed.
 */
export async function wakeLeads(tx: Queryable, leadIds: readonly string[], { rescore = true } = {}): Promise<Woken[]> {
  if (leadIds.length === 0) return [];
  if (rescore) await tx.query('insert into score_wake (lead_id, slot) select id, slot from lead where id = any($1) order by id', [leadIds]);
  return wake(tx, 'lead_id', leadIds);
}

/** Wakes these enrolments, because something of their own changed: a mail settled, an opportunity closed. */
export async function wakeEnrolments(tx: Queryable, enrolmentIds: readonly string[]): Promise<Woken[]> {
  return enrolmentIds.length === 0 ? [] : wake(tx, 'id', enrolmentIds);
}

async function wake(tx: Queryable, by: 'lead_id' | 'id', ids: readonly string[]): Promise<Woken[]> {
  const { rows } = await tx.query<Woken>(
    `insert into wake (campaign_id, slot, enrolment_id)
     select campaign_id, slot, id from enrolment where ${by} = any($1) and state = 'active' order by id
     returning campaign_id as "campaignId", slot`,
    [ids],
  );
  return rows;
}

/** An enrolment's campaign and slot: enough to name the loop that carries it. */
export interface Woken {
  campaignId: string;
  slot: number;
}
