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
  rung: number;
  ownerRepId: string | null;
  /** Key of the owner. */
  ownerKey: string | null;
  /** The company's name, or its domain. */
  accountName: string | null;
  askedRepId: string | null;
  offeredAt: Date | null;
  acceptedAt: Date | null;
  touchedAt: Date | null;
  nextLookAt: Date | null;
  test: boolean;
  /** Workspace time of this transaction. */
  now: Date;
  due: boolean;
  /** Real ms until the next look; null while the clock stands still. */
  sleepMs: number | null;
}

const select = `select o.id, o.lead_id as "leadId", o.pool_id as "poolId", p.key as "poolKey", o.state, o.epoch, o.rung,
        o.owner_rep_id as "ownerRepId", r.key as "ownerKey", coalesce(a.name, a.domain) as "accountName", o.asked_rep_id as "askedRepId", o.offered_at as "offeredAt", o.accepted_at as "acceptedAt",
        o.touched_at as "touchedAt", o.next_look_at as "nextLookAt", o.test, clock() as now,
        coalesce(o.next_look_at <= clock(), false) as due, real_ms_until(o.next_look_at) as "sleepMs"
   from opportunity o join pool p on p.id = o.pool_id
        left join rep r on r.id = o.owner_rep_id left join account a on a.id = o.account_id where o.id = $1`;

export async function readStanding(tx: Queryable, id: string): Promise<Standing | null> {
  const { rows } = await tx.query<Standing>(select, [id]);
  return rows[0] ?? null;
}

/** The same, locked. Where its leads are locked too, they come first. */
export async function lockStanding(tx: Queryable, id: string): Promise<Standing | null> {
  const { rows } = await tx.query<Standing>(`${select} for no key update of o`, [id]);
  return rows[0] ?? null;
}

/** The leads on an opportunity, in id order. */
export async function leadsOn(tx: Queryable, id: string): Promise<{ id: string; slot: number }[]> {
  const { rows } = await tx.query<{ id: string; slot: number }>(
    'select l.id, l.slot from opportunity_lead ol join lead l on l.id = ol.lead_id where ol.opportunity_id = $1 order by l.id',
    [id],
  );
  return rows;
}

/** One rung up, unless somebody has answered or climbed meanwhile. Answers whether it was so. */
export async function climb(
  tx: Queryable,
  { id, state, epoch, rung }: Standing,
  to: { nextLookAt: Date; askedRepId?: string | null; breached?: boolean },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opportunity set rung = rung + 1, next_look_at = $5, asked_rep_id = coalesce($6, asked_rep_id),
            breached_at = case when $7 then coalesce(breached_at, clock()) else breached_at end
      where id = $1 and state = $2 and epoch = $3 and rung = $4`,
    [id, state, epoch, rung, to.nextLookAt, to.askedRepId ?? null, to.breached ?? false],
  );
  return rowCount === 1;
}
