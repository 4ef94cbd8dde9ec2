import type { OpportunityState } from './standing.ts';
import { cutPage, type Place } from './keyset.ts';
import { CALLED, latestMessage } from './person.ts';
import type { Queryable } from './pool.ts';

/** Whose things: a rep's by key, or those of a partner firm by name. */
export interface Whose {
  rep: string | null;
  partner: string | null;
}

interface Named {
  key: string;
  name: string;
}

/** Somebody on an opportunity, as far as whoever talks to them needs it. */
export interface OwnPerson {
  name: string;
  title: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  country: string | null;
}

/** An opportunity as its salesperson, or the partner, sees it: whom to talk to about what, and until when. Nothing of scores, sources or other people's work. */
export interface OwnOpportunity {
  id: string;
  state: OpportunityState;
  productLine: string | null;
  urgent: boolean;
  owner: Named | null;
  /** What they wrote in their latest form. */
  message: string | null;
  people: OwnPerson[];
  nextLookAt: Date | null;
  returnAt: Date | null;
  createdAt: Date;
  offeredAt: Date | null;
  acceptedAt: Date | null;
  touchedAt: Date | null;
  closedAt: Date | null;
}

/** SQL: that opportunity `o` is theirs: theirs by name, one they were asked to take over, or one in the queue of the partner. Each by its index. */
const theirs = `o.id in (
    select x.id from opportunity x where x.owner_rep_id in (select id from rep where key = $1 or partner = $2) and x.offered_at is not null
    union all
    select x.id from opportunity x where x.asked_rep_id in (select id from rep where key = $1 or partner = $2) and x.state = 'offered' and x.closed_at is null
    union all
    select x.id from pool p join opportunity x on x.pool_id = p.id where p.settings -> 'partner' ->> 'name' = $2 and x.state = 'queued')`;

const select = `select o.id, o.state, nullif(o.product_line, '') as "productLine", o.urgent,
        case when r.id is not null then jsonb_build_object('key', r.key, 'name', r.name) end as owner, m.message,
        (select jsonb_agg(jsonb_build_object('name', ${CALLED},
                  'title', l.title, 'email', l.email, 'phone', l.phone, 'company', coalesce(a.name, l.company), 'country', coalesce(l.country, a.country))
                  order by ol.added_at, l.id)
           from opportunity_lead ol join lead l on l.id = ol.lead_id where ol.opportunity_id = o.id) as people,
        o.next_look_at as "nextLookAt", o.return_at as "returnAt", o.created_at as "createdAt", o.offered_at as "offeredAt", o.accepted_at as "acceptedAt",
        o.touched_at as "touchedAt", o.closed_at as "closedAt", jsonb_build_object('at', o.created_at::text, 'id', o.id) as place
   from opportunity o left join rep r on r.id = o.owner_rep_id left join account a on a.id = o.account_id
   ${latestMessage('o.lead_id')}
  where ${theirs}`;

/** One page of what is theirs, newest first; open ones only, closed ones only, or all. */
export async function listOwn(tx: Queryable, { rep, partner }: Whose, open: boolean | null, limit: number, after: Place | null) {
  const { rows } = await tx.query<OwnOpportunity & { place: Place }>(
    `${select} and ($3::boolean is null or (o.closed_at is null) = $3) and ($4::timestamptz is null or (o.created_at, o.id) < ($4, $5::uuid))
      order by o.created_at desc, o.id desc limit $6`,
    [rep, partner, open, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

/** One of theirs, or null: what is somebody else's is not there. */
export async function findOwn(tx: Queryable, { rep, partner }: Whose, id: string): Promise<OwnOpportunity | null> {
  const { rows } = await tx.query<OwnOpportunity & { place?: Place }>(`${select} and o.id = $3`, [rep, partner, id]);
  if (!rows[0]) return null;
  const { place: _, ...found } = rows[0];
  return found;
}

/** A task as its salesperson sees it. */
export interface OwnTask {
  id: string;
  title: string;
  details: string | null;
  owner: Named;
  opportunity: string | null;
  person: { name: string | null; email: string | null; phone: string | null; company: string | null } | null;
  dueAt: Date;
}

/** Their open tasks, the soonest due first; the first 500. */
export async function ownTasks(tx: Queryable, { rep, partner }: Whose): Promise<OwnTask[]> {
  const { rows } = await tx.query<OwnTask>(
    `select t.id, t.title, t.details, jsonb_build_object('key', r.key, 'name', r.name) as owner, t.opportunity_id as opportunity,
            case when l.id is not null then jsonb_build_object('name', l.name, 'email', l.email, 'phone', l.phone, 'company', l.company) end as person, t.due_at as "dueAt"
       from rep r join task t on t.owner_rep_id = r.id left join lead l on l.id = t.lead_id
      where t.state = 'open' and (r.key = $1 or r.partner = $2) order by t.due_at, t.id limit 500`,
    [rep, partner],
  );
  return rows;
}
