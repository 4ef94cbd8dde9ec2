import type { Queryable } from '../pool.ts';
import { managers } from '../reps.ts';
import { queueSends } from '../sends.ts';

/**
 * Puts these opportunities into the green channel: before everybody else in their queue, and the managers hear of each at once, once. Those that
 * are in it already are left alone. Answers whether a mail was queued.
 */
export async function goGreen(tx: Queryable, given: readonly { opportunityId: string; rule: string }[]): Promise<boolean> {
  if (given.length === 0) return false;
  const { rows } = await tx.query<{
    id: string;
    leadId: string;
    name: string;
    company: string | null;
    pool: string;
    rule: string;
    test: boolean;
  }>(
    `with given as (select distinct on (id) id, rule from unnest($1::uuid[], $2::text[]) as g (id, rule) order by id),
     green as (
       update opportunity o set vip = true, urgent = o.urgent or o.state = 'queued' from given
        where o.id = given.id and not o.vip and o.closed_at is null
       returning o.id, o.lead_id, o.account_id, o.pool_id, o.test, given.rule),
     noted as (
       insert into journal (kind, lead_id, opportunity_id, because) select 'green_channel', lead_id, id, jsonb_build_object('by', rule) from green order by id)
     select g.id, g.lead_id as "leadId", coalesce(l.name, l.email, l.phone, 'Somebody') as name, coalesce(a.name, l.company, a.domain) as company,
            p.name as pool, g.rule, g.test
       from green g join lead l on l.id = g.lead_id join pool p on p.id = g.pool_id left join account a on a.id = g.account_id order by g.id`,
    [given.map((one) => one.opportunityId), given.map((one) => one.rule)],
  );
  if (rows.length === 0) return false;
  const told = await managers(tx);
  const lanes = await queueSends(
    tx,
    rows.flatMap(({ id, leadId, name, company, pool, rule, test }) =>
      told.map((manager) => ({
        sendKey: `${id}/vip/${manager.id}`,
        class: 'internal' as const,
        priority: 90,
        leadId,
        repId: manager.id,
        opportunityId: id,
        template: 'vip-lead',
        params: { rep: { name: manager.name, timezone: manager.timezone }, name, company, pool, rule },
        test,
      })),
    ),
  );
  return lanes.length > 0;
}
