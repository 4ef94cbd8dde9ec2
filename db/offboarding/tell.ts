import type { HandoverKind } from '../../domain/offboarding/handover.ts';
import { CALLED } from '../person.ts';
import type { Queryable } from '../pool.ts';
import { queueSends } from '../sends.ts';
import type { Running } from './running.ts';

/** How many of each kind a mail lists; the rest is counted. */
const LISTED = 20;

interface News {
  repId: string;
  key: string;
  name: string;
  timezone: string;
  linkEpoch: number;
  /** Of how many things they were told before: these came late. */
  times: number;
  kind: HandoverKind;
  count: number;
  names: string[];
}

/**
 * One mail to each who has got something and has not been told: what, by name, however much it is. What comes late makes one more. `pageOf`: the address of
 * the page with their day. Answers the lanes to poke.
 */
export async function tellHeirs(
  tx: Queryable,
  { id, repName }: Running,
  pageOf: (rep: { id: string; epoch: number }) => string,
): Promise<string[]> {
  const { rows } = await tx.query<News>(
    `with untold as materialized (
       select h.kind, h.thing_id, h.to_rep_id from handover h where h.offboarding_id = $1::uuid and not h.told),
     named as (
       select u.kind, u.to_rep_id, row_number() over (partition by u.to_rep_id, u.kind order by u.thing_id) as n,
              case u.kind when 'account' then coalesce(a.name, a.domain, 'A company')
                          when 'task' then t.title
                          else ${CALLED} || coalesce(', ' || coalesce(la.name, l.company), '') end as name
         from untold u
         left join account a on u.kind = 'account' and a.id = u.thing_id
         left join task t on u.kind = 'task' and t.id = u.thing_id
         left join opportunity o on u.kind = 'opportunity' and o.id = u.thing_id
         left join enrolment e on u.kind = 'sequence' and e.id = u.thing_id
         left join lead l on l.id = coalesce(o.lead_id, e.lead_id)
         left join account la on la.id = l.account_id)
     select r.id as "repId", r.key, r.name, r.timezone, r.link_epoch as "linkEpoch", n.kind, count(*)::int as count,
            array_agg(n.name order by n.n) filter (where n.n <= ${LISTED}) as names,
            (select count(*)::int from handover h where h.offboarding_id = $1::uuid and h.to_rep_id = r.id and h.told) as times
       from named n join rep r on r.id = n.to_rep_id group by r.id, n.kind order by r.id, n.kind`,
    [id],
  );
  if (rows.length === 0) return [];
  await tx.query('update handover set told = true where offboarding_id = $1 and not told', [id]);
  const heirs = [...new Map(rows.map((row) => [row.repId, row])).values()];
  return queueSends(
    tx,
    heirs.map(({ repId, times, name, timezone, linkEpoch }) => {
      const news = rows.filter((row) => row.repId === repId);
      const of = (kind: HandoverKind) => news.find((row) => row.kind === kind);
      const list = (kind: HandoverKind) => ({
        count: of(kind)?.count ?? 0,
        names: of(kind)?.names ?? [],
        more: Math.max(0, (of(kind)?.count ?? 0) - LISTED),
      });
      return {
        sendKey: `offboard/${id}/heir/${repId}/${times}`,
        class: 'internal' as const,
        priority: 80,
        repId,
        template: 'internal-handover',
        params: {
          left: repName,
          rep: { name, timezone },
          accounts: list('account'),
          opportunities: list('opportunity'),
          tasks: list('task'),
          sequences: list('sequence'),
          dayUrl: pageOf({ id: repId, epoch: linkEpoch }),
        },
      };
    }),
  );
}

/** Customers in one transaction. */
const BATCH = 1_000;
/** A task about somebody's company, done so lately, is contact with them. */
const LATELY = '180 days';

/**
 * Writes to the next thousand people whom the one who left had really talked to (an opportunity that was touched, a sequence that had begun, a task done
 * lately about a company of theirs): who there is for them now. Each once, from the new one. Answers how many, and the lanes to poke.
 */
export async function tellCustomers(tx: Queryable, { id, repId, repName }: Running): Promise<{ told: number; lanes: string[] }> {
  const { rows } = await tx.query<{ leadId: string; test: boolean; name: string; email: string; title: string | null }>(
    `with known as (
       select ol.lead_id, h.to_rep_id from handover h join opportunity_lead ol on ol.opportunity_id = h.thing_id
        where h.offboarding_id = $1::uuid and h.kind = 'opportunity' and h.contact
       union all
       select h.lead_id, h.to_rep_id from handover h where h.offboarding_id = $1::uuid and h.kind = 'sequence' and h.contact
       union all
       select t.lead_id, h.to_rep_id from handover h join task t on t.account_id = h.thing_id
        where h.offboarding_id = $1::uuid and h.kind = 'account' and t.owner_rep_id = $2 and t.state = 'done' and t.closed_at > clock() - $4::interval)
     select distinct on (l.id) l.id as "leadId", l.test, r.name, r.email, r.title
       from known k join lead l on l.id = k.lead_id join rep r on r.id = k.to_rep_id
      where l.email is not null and not exists (select from send s where s.send_key = 'offboard/' || $1::uuid || '/customer/' || l.id)
      order by l.id, r.id limit $3`,
    [id, repId, BATCH, LATELY],
  );
  const lanes = await queueSends(
    tx,
    rows.map(({ leadId, test, name, email, title }) => ({
      sendKey: `offboard/${id}/customer/${leadId}`,
      class: 'transactional' as const,
      leadId,
      template: 'rep-changed',
      params: { left: repName, now: { name, email, title } },
      sender: `"${name.replaceAll(/["<>]/g, '')}" <${email}>`,
      test,
    })),
  );
  await tx.query('update offboarding set customers_told = customers_told + $2 where id = $1', [id, rows.length]);
  return { told: rows.length, lanes };
}
