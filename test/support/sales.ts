import type { Pool } from 'pg';
import { handOff, type HandOff } from '../../db/opportunities.ts';
import { inTransaction } from '../../db/pool.ts';
import { createQualificationActivities } from '../../activities/qualification.ts';
import type { Loop } from '../../domain/loops.ts';

/** New leads, spread over as many new accounts; without `accounts` they belong to none. Answers their ids. */
export async function addLeads(pool: Pool, count: number, { accounts = 0 } = {}): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with firms as (insert into account (name, domain) select 'Firm ' || n, 'firm-' || gen_random_uuid() || '.example' from generate_series(1, $2::int) n returning id, domain),
     numbered as (select id, row_number() over (order by domain) as n from firms),
     added as (
       insert into lead (email, name, account_id)
       select gen_random_uuid() || '@visitor.example', 'Lead ' || n, (select id from numbered where numbered.n = 1 + (g.n - 1) % greatest($2, 1))
         from generate_series(1, $1::int) g (n) returning id)
     select id from added`,
    [count, accounts],
  );
  return rows.map((row) => row.id);
}

/** Hands leads to sales and answers their opportunities, in order. */
export async function handToSales(pool: Pool, leadIds: readonly string[], how: Partial<HandOff> = {}): Promise<string[]> {
  const handed = await inTransaction(pool, (tx) =>
    handOff(
      tx,
      leadIds.map((leadId) => ({ leadId, source: 'api', because: { note: 'test' }, ...how })),
    ),
  );
  return handed.map((one) => one.opportunityId);
}

/** The activity of the loop, without Temporal; `poked` gathers whom it pokes. */
export function lookingAfter(pool: Pool) {
  const poked: Loop[] = [];
  const mail = { publicUrl: 'http://tendril.test', secret: 'a secret of the tests, long enough' };
  const { lookAfter } = createQualificationActivities({ pool, mail, poke: (loop) => void poked.push(loop) });
  return { lookAfter, poked };
}

/** One opportunity as it stands in the database. */
export async function opportunity(pool: Pool, id: string) {
  const { rows } = await pool.query<{
    state: string;
    owner: string | null;
    asked: string | null;
    epoch: number;
    rung: number;
    nextLookAt: Date | null;
    breachedAt: Date | null;
    resumeAt: Date | null;
  }>(
    `select o.state, r.key as owner, b.key as asked, o.epoch, o.rung, o.next_look_at as "nextLookAt", o.breached_at as "breachedAt", o.resume_at as "resumeAt"
       from opportunity o left join rep r on r.id = o.owner_rep_id left join rep b on b.id = o.asked_rep_id where o.id = $1`,
    [id],
  );
  return rows[0]!;
}

/** What was mailed about an opportunity, in order: template and to whom. */
export async function mailsAbout(pool: Pool, id: string): Promise<string[]> {
  const { rows } = await pool.query<{ mail: string }>(
    `select s.template || ' → ' || r.key as mail from send s join rep r on r.id = s.rep_id where s.opportunity_id = $1 order by s.queued_at, s.id`,
    [id],
  );
  return rows.map((row) => row.mail);
}

/** The kinds journalled about an opportunity, in order. */
export async function story(pool: Pool, id: string): Promise<string[]> {
  const { rows } = await pool.query<{ kind: string }>('select kind from journal where opportunity_id = $1 order by at, id', [id]);
  return rows.map((row) => row.kind);
}

/** The only pool there is. */
export async function onlyPool(pool: Pool): Promise<string> {
  return (await pool.query<{ id: string }>('select id from pool')).rows[0]!.id;
}

/** What an opportunity looks like over HTTP, as far as tests look at it. */
export interface Seen {
  id: string;
  state: string;
  owner: { key: string };
  people: unknown[];
  history: { kind: string }[];
}

/** The body of an answer. */
export async function bodyOf<T = Seen>(response: Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}
