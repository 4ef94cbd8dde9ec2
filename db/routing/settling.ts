import { TendrilError } from '../../domain/errors.ts';
import type { Loop } from '../../domain/loops.ts';
import { writeJournal } from '../journal.ts';
import { cutPage, type Place } from '../keyset.ts';
import { fieldsTold, noteAccounts } from '../lead-changes.ts';
import type { Queryable } from '../pool.ts';
import { reassign } from '../rejections.ts';
import type { Rep } from '../reps.ts';
import { noteConflictsOf } from './conflicts.ts';

interface Named {
  key: string;
  name: string;
}

/** Two reps at one account, as it is read. */
export interface ConflictView {
  id: string;
  kind: 'account_owner' | 'opportunity' | 'name_hint';
  account: { id: string; name: string | null; domain: string | null };
  opportunityId: string;
  otherOpportunityId: string | null;
  /** Who was there first. */
  rep: Named;
  /** Who has the opportunity, now. */
  other: Named | null;
  notedAt: Date;
  settledAt: Date | null;
  outcome: 'both' | 'given' | 'gone' | null;
  givenTo: Named | null;
  settledBy: string | null;
  note: string | null;
}

const named = (rep: string): string =>
  `case when ${rep}.id is not null then jsonb_build_object('key', ${rep}.key, 'name', ${rep}.name) end`;

const select = `select c.id, c.kind, jsonb_build_object('id', a.id, 'name', a.name, 'domain', a.domain) as account, c.opportunity_id as "opportunityId",
        c.other_opportunity_id as "otherOpportunityId", ${named('r')} as rep, ${named('b')} as other, c.noted_at as "notedAt", c.settled_at as "settledAt",
        c.outcome, ${named('g')} as "givenTo", c.settled_by as "settledBy", c.note
   from routing_conflict c join account a on a.id = c.account_id join rep r on r.id = c.rep_id join opportunity o on o.id = c.opportunity_id
        left join rep b on b.id = coalesce(case when c.settled_at is null then o.owner_rep_id end, c.other_rep_id) left join rep g on g.id = c.given_rep_id`;

/** One page of conflicts, newest first: the open ones, the settled ones, or all. */
export async function listConflicts(tx: Queryable, open: boolean | undefined, limit: number, after: Place | null) {
  const { rows } = await tx.query<ConflictView & { place: Place }>(
    `${select.replace('select c.id', `select jsonb_build_object('at', c.noted_at::text, 'id', c.id) as place, c.id`)}
      where ($1::boolean is null or (c.settled_at is null) = $1) and ($2::timestamptz is null or (c.noted_at, c.id) < ($2, $3::uuid))
      order by c.noted_at desc, c.id desc limit $4`,
    [open ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

export async function findConflict(tx: Queryable, id: string): Promise<ConflictView | null> {
  return (await tx.query<ConflictView>(`${select} where c.id = $1`, [id])).rows[0] ?? null;
}

/**
 * A manager's word: both stay where they are (`give` null), or one rep gets what it is about, the account with it where it is of the account itself.
 * Journalled; answers the loops to poke. Throws `not_found`, and `conflict` where it is settled already.
 */
export async function settleConflict(
  tx: Queryable,
  id: string,
  { give, by, note }: { give: Pick<Rep, 'id' | 'key' | 'name'> | null; by: string; note: string | null },
): Promise<Loop[]> {
  const { rows } = await tx.query<{
    kind: ConflictView['kind'];
    accountId: string;
    leadId: string;
    opportunityId: string;
    settled: boolean;
    ids: string[];
  }>(
    `select c.kind, c.account_id as "accountId", o.lead_id as "leadId", o.id as "opportunityId", c.settled_at is not null as settled,
            array(select p.id from opportunity p where p.id in (c.opportunity_id, c.other_opportunity_id) and p.closed_at is null
                     and coalesce(p.owner_rep_id, p.asked_rep_id) is distinct from $2 order by p.id) as ids
       from routing_conflict c join opportunity o on o.id = c.opportunity_id where c.id = $1 for no key update of c`,
    [id, give?.id ?? null],
  );
  const conflict = rows[0];
  if (!conflict) throw new TendrilError('not_found', 'There is no such conflict');
  if (conflict.settled) throw new TendrilError('conflict', 'This conflict is settled already');
  const loops: Loop[] = [];
  if (give) for (const opportunityId of conflict.ids) loops.push(...(await reassign(tx, opportunityId, give)));
  if (give && conflict.kind !== 'name_hint') await giveAccount(tx, conflict.accountId, give);
  await tx.query(
    `update routing_conflict set settled_at = clock(), outcome = $2, given_rep_id = $3, settled_by = $4, note = $5 where id = $1`,
    [id, give ? 'given' : 'both', give?.id ?? null, by, note],
  );
  const because = { conflict: id, outcome: give ? 'given' : 'both', ...(give && { rep: give.id, name: give.name }), by, note };
  await writeJournal(tx, [{ kind: 'conflict_settled', leadId: conflict.leadId, opportunityId: conflict.opportunityId, because }]);
  return loops;
}

/** Says who has an account, or (null) that nobody has. Whoever else has an opportunity of it is in conflict with them from here on. Throws `not_found`. */
export async function setAccountOwner(tx: Queryable, accountId: string, rep: Pick<Rep, 'id'> | null): Promise<boolean> {
  if (!(await giveAccount(tx, accountId, rep))) throw new TendrilError('not_found', 'There is no such account');
  return rep ? noteConflictsOf(tx, [accountId]) : false;
}

/** Answers whether there is such an account. That it is somebody else's now is in the journal. */
async function giveAccount(tx: Queryable, accountId: string, rep: Pick<Rep, 'id'> | null): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with given as (
       update account set owner_rep_id = $2 where id = $1 returning id, ${fieldsTold(['owner_rep_id'])} as fields),
     noted as (${noteAccounts('given')})
     select from given`,
    [accountId, rep?.id ?? null],
  );
  return rowCount === 1;
}
