import type { Pool } from 'pg';

/** Firms of ten, each person with a few visits; written straight into the tables, a hundred thousand a statement. */
export async function populate(pool: Pool, people: number): Promise<void> {
  await pool.query(
    `insert into account (name, name_key, domain, country)
     select 'Firm ' || n, 'firm ' || n, 'firm' || n || '.example', (array['DE', 'FR', 'US', 'JP'])[1 + n % 4] from generate_series(1, $1::int / 10) n`,
    [people],
  );
  await pool.query('create temporary table firm as select id, row_number() over (order by id) as n from account');
  for (let from = 1; from <= people; from += 100_000) {
    await pool.query(
      `insert into lead (email, first_name, country, timezone, account_id, stage, attributes)
       select 'p' || i || '@firm' || f.n || '.example', 'Person' || i, 'DE', 'Europe/Berlin', f.id,
              (array['lead', 'mql', 'customer'])[1 + i % 3], jsonb_build_object('industry', (array['chemicals', 'food', 'water', 'mining'])[1 + i % 4], 'size', i % 500)
         from generate_series($1::int, $2::int) i join firm f on f.n = 1 + (i - 1) / 10`,
      [from, Math.min(people, from + 99_999)],
    );
  }
  await pool.query(
    `insert into event (lead_id, name, source, at, properties)
     select id, 'pricing_viewed', 'bench', clock() - make_interval(days => (get_byte(uuid_send(id), 14) % 30)), '{}' from lead where get_byte(uuid_send(id), 13) < 52`,
  );
  await pool.query('drop table firm');
}

/** Enrols everybody at a step, due in a hundred days; nobody is due before somebody makes them so. */
export async function enrolEverybody(pool: Pool, campaignKey: string, step: string): Promise<void> {
  await pool.query(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, due_at, entered_at)
     select c.id, c.live_version_id, l.id, l.slot, $2, t.now - interval '1 day', t.now + interval '100 days' + make_interval(secs => get_byte(uuid_send(l.id), 13)), t.now - interval '1 day'
       from lead l cross join campaign c cross join (select clock() as now) t where c.key = $1`,
    [campaignKey, step],
  );
}

/** Makes so many of them due now, of those that still stand at the step. */
export async function makeDue(pool: Pool, step: string, people: number): Promise<void> {
  await pool.query(
    `update enrolment set due_at = clock() where id in (select id from enrolment where state = 'active' and step_id = $1 and due_at > clock() order by lead_id limit $2)`,
    [step, people],
  );
}
