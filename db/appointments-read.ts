import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export interface AppointmentRow {
  id: string;
  /** The entry in short: `contract.ends_at`. */
  entry: string;
  /** What has the date; null where it is the schedule's own. */
  thing: { kind: string; id: string; name: string | null } | null;
  date: string;
  dueAt: Date | null;
  state: 'armed' | 'entered' | 'passed';
  note: string | null;
}

/** When a campaign's entries by date and schedule open, and did: those to come soonest first, the others latest first; one page from a place on. */
export async function listAppointments(
  tx: Queryable,
  campaignId: string,
  state: AppointmentRow['state'],
  limit: number,
  from: Place | null,
) {
  const [order, beyond] = state === 'armed' ? ['asc', '>'] : ['desc', '<'];
  const at = 'coalesce(p.due_at, p.made_at)';
  const { rows } = await tx.query<AppointmentRow & { place: Place }>(
    `select p.id, p.door as entry, p.date, p.due_at as "dueAt", p.state, p.note, jsonb_build_object('at', ${at}::text, 'id', p.id) as place,
            case when p.subject_id is not null then jsonb_build_object('kind', d.subject, 'id', p.subject_id, 'name', coalesce(
              (select coalesce(l.name, l.email) from lead l where l.id = p.subject_id), (select coalesce(a.name, a.domain) from account a where a.id = p.subject_id),
              (select o.key from occasion o where o.id = p.subject_id), (select r.external_id from record r where r.id = p.subject_id))) end as thing
       from appointment p join campaign_door d using (campaign_id, door)
      where p.campaign_id = $1 and p.state = $2 and ($3::timestamptz is null or (${at}, p.id) ${beyond} ($3::timestamptz, $4::uuid))
      order by ${at} ${order}, p.id ${order} limit $5`,
    [campaignId, state, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}
