import type { MeetingState } from '../domain/meetings/meeting.ts';
import type { Queryable } from './pool.ts';

export interface Meeting {
  uri: string;
  name: string;
  state: MeetingState;
  startsAt: Date;
  endsAt: Date | null;
  timezone: string | null;
  location: string | null;
  leadId: string;
  /** Key. */
  rep: string | null;
  host: string | null;
  insteadOf: string | null;
  reason: string | null;
}

/** Meetings by the moment they begin: of a rep (key), of a lead, in a state, from an instant on. */
export async function listMeetings(
  tx: Queryable,
  { rep, leadId, state, from }: { rep?: string; leadId?: string; state?: MeetingState; from?: Date },
  limit: number,
): Promise<Meeting[]> {
  const { rows } = await tx.query<Meeting>(
    `select m.uri, m.name, m.state, m.starts_at as "startsAt", m.ends_at as "endsAt", m.timezone, m.location, m.lead_id as "leadId", r.key as rep,
            m.host_email as host, m.instead_of as "insteadOf", m.reason
       from meeting m left join rep r on r.id = m.rep_id
      where ($1::text is null or r.key = $1) and ($2::uuid is null or m.lead_id = $2) and ($3::text is null or m.state = $3)
        and ($4::timestamptz is null or m.starts_at >= $4)
      order by m.starts_at, m.uri limit $5`,
    [rep ?? null, leadId ?? null, state ?? null, from ?? null, limit],
  );
  return rows;
}
