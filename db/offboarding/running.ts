import type { Queryable } from '../pool.ts';

/** A handing over that goes on, locked. */
export interface Running {
  id: string;
  repId: string;
  repName: string;
  repEmail: string;
  repTitle: string | null;
  /** The firm the one who leaves belongs to; null: ours. */
  firm: string | null;
  /** Who is to have everything; null: by rule, or they have left meanwhile. */
  toRepId: string | null;
  tellCustomers: boolean;
}

/** The handing over that goes on for this rep, locked; null where there is none (any more). Notes when it was first looked at. */
export async function lockRunning(tx: Queryable, repKey: string): Promise<Running | null> {
  const { rows } = await tx.query<Running>(
    `with held as (
       select o.id from offboarding o join rep l on l.id = o.rep_id where l.key = $1 and o.state = 'running' for no key update of o)
     update offboarding o set doors_shut_real = coalesce(o.doors_shut_real, clock_timestamp()) from held, rep l
      where o.id = held.id and l.id = o.rep_id and o.state = 'running'
     returning o.id, o.rep_id as "repId", l.name as "repName", l.email as "repEmail", l.title as "repTitle", l.partner as firm, o.tell_customers as "tellCustomers",
               (select r.id from rep r where r.id = o.to_rep_id and r.active) as "toRepId"`,
    [repKey],
  );
  return rows[0] ?? null;
}
