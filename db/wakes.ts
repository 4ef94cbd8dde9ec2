import { isActive } from './enrolments.ts';
import type { Queryable } from './pool.ts';

/**
 * Locks the leads in id order, so that storing a fact and creating an enrolment never pass each other unseen.
 * Every change of a lead's facts and every new enrolment takes this lock first. Where some campaign looks at the whole account, so that a fact
 * of one lead and the enrolment of another must not pass each other either, their accounts are locked after them.
 */
export async function lockLeads(tx: Queryable, leadIds: readonly string[]): Promise<void> {
  if (leadIds.length === 0) return;
  const { rows } = await tx.query<{ accountId: string | null }>(
    `select case when (select exists (select from campaign where by_account)) then account_id end as "accountId"
       from lead where id = any($1::uuid[]) order by id for no key update`,
    [leadIds],
  );
  const accountIds = [...new Set(rows.flatMap(({ accountId }) => accountId ?? []))];
  if (accountIds.length > 0) await tx.query('select from account where id = any($1::uuid[]) order by id for no key update', [accountIds]);
}

/**
 * Facts about these leads changed: each of their active enrolments is looked at again, and their score too unless the
 * score itself is what changed. Call it under `lockLeads`. Answers the loops to poke once the transaction is committed.
 */
export async function wakeLeads(tx: Queryable, leadIds: readonly string[], { rescore = true } = {}): Promise<Woken[]> {
  if (leadIds.length === 0) return [];
  if (rescore)
    await tx.query(
      'insert into score_wake (lead_id, slot, at) select id, slot, (select clock()) from lead where id = any($1::uuid[]) order by id',
      [leadIds],
    );
  return wake(tx, enrolmentsOf('$1'), leadIds);
}

/** Wakes these enrolments, because something of their own changed: a mail settled, an opportunity closed. */
export async function wakeEnrolments(tx: Queryable, enrolmentIds: readonly string[]): Promise<Woken[]> {
  return enrolmentIds.length === 0
    ? []
    : wake(tx, `select campaign_id, slot, id, ${RUN_ID} from enrolment e where id = any($1::uuid[]) and ${isActive('e')}`, enrolmentIds);
}

/** SQL: the id of an enrolment that is a run of a sequence, and so has a loop of its own; null for all others. */
export const RUN_ID = 'case when e.rep_id is not null then e.id end as run_id';

/**
 * The active enrolments that look at these leads, as campaign, slot, id and (of runs) run_id: their own, and those of colleagues in campaigns that look at
 * the whole account. While there is no such campaign nobody's colleagues are looked for.
 */
export const enrolmentsOf = (leadIds: string): string => `
  select campaign_id, slot, id, ${RUN_ID} from enrolment e where lead_id = any(${leadIds}::uuid[]) and ${isActive('e')}
  union
  select e.campaign_id, e.slot, e.id, ${RUN_ID}
    from lead l join lead colleague on colleague.account_id = l.account_id join enrolment e on e.lead_id = colleague.id and ${isActive('e')}
    join campaign c on c.id = e.campaign_id and c.by_account
   where l.id = any(${leadIds}::uuid[]) and (select exists (select from campaign where by_account))`;

async function wake(tx: Queryable, enrolments: string, ids: readonly string[]): Promise<Woken[]> {
  const { rows } = await tx.query<Woken>(
    `with looking as materialized (${enrolments}),
     woken as (insert into wake (campaign_id, slot, enrolment_id) select campaign_id, slot, id from looking order by id)
     select campaign_id as "campaignId", slot, run_id as "runId" from looking`,
    [ids],
  );
  return rows;
}

/** An enrolment's campaign and slot, and of a run of a sequence its id: enough to name the loop that carries it. */
export interface Woken {
  campaignId: string;
  slot: number;
  runId?: string | null;
}
