import type { Routed } from '../../domain/routing/route.ts';
import { asRouted } from '../../domain/routing/words.ts';
import type { Queryable } from '../pool.ts';

/** Where the rules sent an opportunity and why; null for one of before there were any. */
export async function routingOf(tx: Queryable, opportunityId: string): Promise<Routed | null> {
  const { rows } = await tx.query<{ routing: unknown }>('select routing from opportunity where id = $1', [opportunityId]);
  return asRouted(rows[0]?.routing);
}

/** The open opportunity that a lead would join, were it handed over for this: its account's, or its own where it has no account. */
export async function openFor(tx: Queryable, leadId: string, productLine: string): Promise<{ id: string; owner: string | null } | null> {
  const { rows } = await tx.query<{ id: string; owner: string | null }>(
    `select o.id, r.key as owner from lead l
       join opportunity o on o.closed_at is null and o.product_line = $2
            and (o.account_id = l.account_id or (l.account_id is null and o.account_id is null and o.lead_id = l.id))
       left join rep r on r.id = o.owner_rep_id
      where l.id = $1 limit 1`,
    [leadId, productLine],
  );
  return rows[0] ?? null;
}
