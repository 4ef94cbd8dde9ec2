import type { Pool } from 'pg';

/** The Authorization header that Segment's libraries send: the key as user name, no password. */
export function basic(key: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` };
}

/** All events in the order they happened, each with its lead's address. */
export async function eventsOf(pool: Pool) {
  const { rows } = await pool.query<{
    name: string;
    email: string | null;
    at: Date;
    visitor: string | null;
    properties: Record<string, unknown>;
  }>(
    `select e.name, l.email, e.at, e.anonymous_id as visitor, e.properties from event e left join lead l on l.id = e.lead_id
      order by e.at, e.name, e.anonymous_id`,
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** A lead with its account and identities, by address. */
export async function leadOf(pool: Pool, email: string) {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select l.first_name as "firstName", l.last_name as "lastName", l.title, l.phone, l.company, l.country, l.attributes,
            l.first_touch as "firstTouch", l.last_touch as "lastTouch",
            (select jsonb_build_object('domain', a.domain, 'name', a.name, 'attributes', a.attributes) from account a where a.id = l.account_id) as account,
            array(select kind || ' ' || value from lead_identity i where i.lead_id = l.id order by 1) as identities
       from lead l where l.email = $1`,
    [email],
  );
  return rows[0];
}
