import type { Grade } from '../domain/sla/document.ts';
import { gradesOf } from '../domain/sla/document.ts';
import type { Queryable } from './pool.ts';

export type OpportunityState = 'queued' | 'offered' | 'accepted' | 'touched' | 'won' | 'lost' | 'rejected' | 'recycled';

/** Where an opportunity stands: what its loop decides by. */
export interface Standing {
  id: string;
  leadId: string;
  poolId: string;
  poolKey: string;
  state: OpportunityState;
  epoch: number;
  /** How far up the rungs in working hours, and those by the wall clock. */
  rung: number;
  wallRung: number;
  /** When the next rung in working hours falls due, where one by the wall clock comes first. */
  rungDueAt: Date | null;
  /** Since when the ladder counts, where that is not since the offer, the acceptance or the first talk; while offered, of its rungs by the wall clock alone. */
  ladderSince: Date | null;
  /** Whose ladder it climbs, the most special first. */
  grades: Grade[];
  ownerRepId: string | null;
  /** Key of the owner. */
  ownerKey: string | null;
  /** The company's name, or its domain. */
  accountName: string | null;
  askedRepId: string | null;
  offeredAt: Date | null;
  acceptedAt: Date | null;
  touchedAt: Date | null;
  breachedAt: Date | null;
  nextLookAt: Date | null;
  /** Put off by its rep, until `nextLookAt`. */
  snoozed: boolean;
  snoozes: number;
  stage: string | null;
  amount: number | null;
  currency: string | null;
  /** A local date, `2026-12-31`. */
  expectedClose: string | null;
  grade: string | null;
  /** A partner has had it long enough without accepting it. */
  returning: boolean;
  /** As whose lead its pool's rotation counts it. */
  countedRepId: string | null;
  test: boolean;
  /** Somebody stands in its pool's queue and could be given out. */
  poolWaits: boolean;
  /** Another opportunity that somebody has is to be looked after, too. (Queues are given out pool by pool.) */
  othersWait: boolean;
  /** Workspace time of this transaction. */
  now: Date;
  due: boolean;
  /** Real ms until the next look; null while the clock stands still. */
  sleepMs: number | null;
}

const select = `select o.id, o.lead_id as "leadId", o.pool_id as "poolId", p.key as "poolKey", o.state, o.epoch, o.rung, o.wall_rung as "wallRung",
        o.rung_due_at as "rungDueAt", o.ladder_since as "ladderSince", o.vip, o.urgent, coalesce(o.grade, s.fit) as fit,
        exists (select from opportunity q where q.pool_id = o.pool_id and q.state = 'queued' and q.next_look_at <= clock()) as "poolWaits",
        exists (select from opportunity q where q.next_look_at <= clock() and q.state <> 'queued' and q.id <> o.id) as "othersWait",
        o.owner_rep_id as "ownerRepId", r.key as "ownerKey", coalesce(a.name, a.domain) as "accountName", o.asked_rep_id as "askedRepId", o.offered_at as "offeredAt", o.accepted_at as "acceptedAt",
        o.touched_at as "touchedAt", o.breached_at as "breachedAt", o.next_look_at as "nextLookAt",
        coalesce(o.state in ('accepted', 'touched') and o.next_look_at = o.snoozed_until, false) as snoozed, o.snoozes,
        o.stage, o.amount::float8 as amount, o.currency, o.expected_close::text as "expectedClose", o.grade, o.test, clock() as now,
        coalesce(o.return_at <= clock() and o.state in ('queued', 'offered'), false) as returning, o.counted_rep_id as "countedRepId",
        coalesce(o.next_look_at <= clock(), false) as due, real_ms_until(o.next_look_at) as "sleepMs"
   from opportunity o join pool p on p.id = o.pool_id
        left join rep r on r.id = o.owner_rep_id left join account a on a.id = o.account_id left join lead_score s on s.lead_id = o.lead_id where o.id = $1`;

type Row = Omit<Standing, 'grades'> & { vip: boolean; urgent: boolean; fit: string | null };

const standingOf = ({ vip, urgent, fit, ...row }: Row): Standing => ({ ...row, grades: gradesOf({ vip, urgent, fit }) });

export async function readStanding(tx: Queryable, id: string): Promise<Standing | null> {
  const { rows } = await tx.query<Row>(select, [id]);
  return rows[0] ? standingOf(rows[0]) : null;
}

/** The same, locked. Where its leads are locked too, they come first. */
export async function lockStanding(tx: Queryable, id: string): Promise<Standing | null> {
  const { rows } = await tx.query<Row>(`${select} for no key update of o`, [id]);
  return rows[0] ? standingOf(rows[0]) : null;
}

/** The opportunities out of the queues that are to be looked after now: the urgent first, then those that have waited longest. */
export async function dueCases(tx: Queryable, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from opportunity where next_look_at <= (select clock()) and state <> 'queued' order by vip desc, urgent desc, next_look_at limit $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** The leads on an opportunity, in id order. */
export async function leadsOn(tx: Queryable, id: string): Promise<{ id: string; slot: number }[]> {
  const { rows } = await tx.query<{ id: string; slot: number }>(
    'select l.id, l.slot from opportunity_lead ol join lead l on l.id = ol.lead_id where ol.opportunity_id = $1 order by l.id',
    [id],
  );
  return rows;
}

/** What a look found to be next: when, and how far up the two ladders. */
export interface Climbed {
  rung: number;
  wallRung: number;
  nextLookAt: Date;
  /** When the next rung in working hours falls due; null where that is `nextLookAt` itself. */
  rungDueAt: Date | null;
  askedRepId?: string | null;
  breached?: boolean;
}

/** Up the ladder, unless somebody has answered or climbed meanwhile. Answers whether it was so. */
export async function climb(tx: Queryable, { id, state, epoch, rung, wallRung }: Standing, to: Climbed): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opportunity set rung = $6, wall_rung = $7, next_look_at = least($8, case when state = 'offered' then return_at end), rung_due_at = $9, asked_rep_id = coalesce($10, asked_rep_id),
            breached_at = case when $11 then coalesce(breached_at, clock()) else breached_at end
      where id = $1 and state = $2 and epoch = $3 and rung = $4 and wall_rung = $5`,
    [id, state, epoch, rung, wallRung, to.rung, to.wallRung, to.nextLookAt, to.rungDueAt, to.askedRepId ?? null, to.breached ?? false],
  );
  return rowCount === 1;
}

/** What an offer by the ladder keeps of the one before it: the customer's clock, which goes on whoever has the lead. */
export async function carryOn(
  tx: Queryable,
  id: string,
  { wallRung, ladderSince, rungDueAt }: { wallRung: number; ladderSince: Date; rungDueAt: Date | null },
): Promise<void> {
  await tx.query('update opportunity set wall_rung = $2, ladder_since = $3, rung_due_at = $4 where id = $1', [
    id,
    wallRung,
    ladderSince,
    rungDueAt,
  ]);
}
