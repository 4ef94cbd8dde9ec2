import type { Queryable } from '../pool.ts';
import { managers } from '../reps.ts';
import { queueSends } from '../sends.ts';

/**
 * Two reps at one account. Whoever makes it so notes it here, in their transaction; each is journalled and the managers are mailed, once. All answer
 * whether a mail was queued.
 */

/** A lead whose firm is perhaps another account, of the same name, that somebody has. */
export interface Hint {
  opportunityId: string;
  accountId: string;
  repId: string;
}

/** Notes leads that may be of a firm that is somebody else's. Tests are left out. */
export async function noteHints(tx: Queryable, hints: readonly Hint[]): Promise<boolean> {
  if (hints.length === 0) return false;
  return record(
    tx,
    `select 'name_hint' as kind, h.account_id, o.id as opportunity_id, null::uuid as other_opportunity_id, h.rep_id, o.owner_rep_id as other_rep_id
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as h (opportunity_id, account_id, rep_id) join opportunity o on o.id = h.opportunity_id and not o.test`,
    [hints.map((one) => one.opportunityId), hints.map((one) => one.accountId), hints.map((one) => one.repId)],
  );
}

/** Of these opportunities, which somebody has taken. Compares each with its account's owner and with the account's other opportunities. */
export async function noteConflicts(tx: Queryable, opportunityIds: readonly string[]): Promise<boolean> {
  const taken = `o.closed_at is null and o.state in ('accepted', 'touched') and not o.test`;
  return record(
    tx,
    `select 'account_owner' as kind, o.account_id, o.id as opportunity_id, null::uuid as other_opportunity_id, a.owner_rep_id as rep_id, o.owner_rep_id as other_rep_id
       from opportunity o join account a on a.id = o.account_id join rep r on r.id = a.owner_rep_id and r.active
      where o.id = any($1::uuid[]) and ${taken} and a.owner_rep_id <> o.owner_rep_id
     union all
     select 'opportunity', o.account_id, case when (o.accepted_at, o.id) > (b.accepted_at, b.id) then o.id else b.id end, case when (o.accepted_at, o.id) > (b.accepted_at, b.id) then b.id else o.id end,
            case when (o.accepted_at, o.id) > (b.accepted_at, b.id) then b.owner_rep_id else o.owner_rep_id end,
            case when (o.accepted_at, o.id) > (b.accepted_at, b.id) then o.owner_rep_id else b.owner_rep_id end
       from opportunity o join opportunity b on b.account_id = o.account_id and b.id <> o.id and b.closed_at is null and b.state in ('accepted', 'touched') and not b.test
      where o.id = any($1::uuid[]) and ${taken} and b.owner_rep_id <> o.owner_rep_id`,
    [opportunityIds],
  );
}

/** Of these accounts, whose owner is another now. */
export async function noteConflictsOf(tx: Queryable, accountIds: readonly string[]): Promise<boolean> {
  if (accountIds.length === 0) return false;
  const { rows } = await tx.query<{ id: string }>('select id from opportunity where account_id = any($1::uuid[]) and closed_at is null', [
    accountIds,
  ]);
  return (
    rows.length > 0 &&
    noteConflicts(
      tx,
      rows.map((row) => row.id),
    )
  );
}

interface Noted {
  id: string;
  opportunityId: string;
  leadId: string;
  kind: string;
  account: string | null;
  rep: string;
  other: string | null;
}

async function record(tx: Queryable, found: string, values: unknown[]): Promise<boolean> {
  const { rows } = await tx.query<Noted>(
    `with found as (${found}),
     noted as (
       insert into routing_conflict (kind, account_id, opportunity_id, other_opportunity_id, rep_id, other_rep_id)
       select distinct on (opportunity_id, account_id, rep_id) kind, account_id, opportunity_id, other_opportunity_id, rep_id, other_rep_id
         from found order by opportunity_id, account_id, rep_id, kind
       on conflict (opportunity_id, account_id, rep_id) where outcome is null or outcome = 'both' do nothing
       returning *),
     named as (
       select n.id, n.kind, n.opportunity_id, o.lead_id, coalesce(a.name, a.domain) as account, r.name as rep, b.name as other
         from noted n join opportunity o on o.id = n.opportunity_id join account a on a.id = n.account_id join rep r on r.id = n.rep_id
              left join rep b on b.id = n.other_rep_id),
     told as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'conflict_noted', lead_id, opportunity_id, jsonb_build_object('conflict', id, 'kind', kind, 'account', account, 'name', rep, 'other', other) from named order by id)
     select id, opportunity_id as "opportunityId", lead_id as "leadId", kind, account, rep, other from named order by id`,
    values,
  );
  if (rows.length === 0) return false;
  const told = await managers(tx);
  const lanes = await queueSends(
    tx,
    rows.flatMap(({ id, opportunityId, leadId, ...params }) =>
      told.map((manager) => ({
        sendKey: `conflict/${id}/${manager.id}`,
        class: 'internal' as const,
        priority: 70,
        leadId,
        repId: manager.id,
        opportunityId,
        template: 'routing-conflict',
        params: { ...params, id },
      })),
    ),
  );
  return lanes.length > 0;
}

/** Settles by themselves those that are none any more: closed, given away, or in one hand again. */
export async function reviewConflicts(tx: Queryable): Promise<void> {
  await tx.query(
    `with gone as (
       select c.id from routing_conflict c
         join opportunity o on o.id = c.opportunity_id
         join account a on a.id = c.account_id
         join rep r on r.id = c.rep_id
         left join opportunity b on b.id = c.other_opportunity_id
        where c.settled_at is null
          and (o.closed_at is not null or not r.active
               or c.kind <> 'name_hint' and o.state not in ('accepted', 'touched')
               or c.kind = 'account_owner' and (a.owner_rep_id is null or a.owner_rep_id = o.owner_rep_id)
               or c.kind = 'opportunity' and (b.closed_at is not null or b.state not in ('accepted', 'touched') or b.owner_rep_id = o.owner_rep_id)
               or c.kind = 'name_hint' and o.state in ('accepted', 'touched') and o.owner_rep_id = c.rep_id)
        order by c.id for no key update of c skip locked)
     update routing_conflict c set settled_at = clock(), outcome = 'gone' from gone where c.id = gone.id`,
  );
}
