import { type Happening, toldRules } from '../domain/webhooks/happening.ts';
import type { Telling } from '../domain/webhooks/fan-out.ts';
import type { Wanted } from '../domain/webhooks/wanted.ts';
import type { Queryable } from './pool.ts';

/** Somebody who is listening, and up to when they have heard everything. */
export interface Listener {
  id: string;
  types: string[];
  system: string | null;
  includeTest: boolean;
  /** Real instant, to the microsecond, as the database writes it. */
  heard: string;
  heardMs: number;
  createdMs: number;
}

/** The enabled endpoints. */
export async function listeners(tx: Queryable): Promise<Listener[]> {
  const { rows } = await tx.query<Listener>(
    `select id, types, system, include_test as "includeTest", heard_real::text as heard, floor(extract(epoch from heard_real) * 1000)::float8 as "heardMs",
            extract(epoch from uuid_extract_timestamp(id))::float8 * 1000 as "createdMs"
       from webhook_endpoint where state = 'enabled' order by id`,
  );
  return rows;
}

/** A transaction of ours may last 50 seconds; one of somebody else that lasts longer than this is not waited for, seconds. */
const PATIENCE = 300;

/**
 * A real instant before which nothing can appear any more: whatever has an id from before has been committed by now, or never will be. A row has its
 * id while its statement runs, so it lies after the beginning of every transaction that is still under way and has written, and of every statement
 * that is still running. Read it outside of a transaction, and the rows afterwards (ADR 0008).
 */
export async function settledUntil(tx: Queryable): Promise<{ until: string; untilMs: number; nowMs: number }> {
  const { rows } = await tx.query<{ until: string; untilMs: number; nowMs: number }>(
    `with under_way as (
       select min(case when state is null or state = 'disabled' then '-infinity'
                       when state = 'idle in transaction (aborted)' then null
                       when backend_xid is not null then xact_start
                       when state <> 'idle' and state <> 'idle in transaction' then query_start end) as since
         from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()),
     settled as (
       select greatest(least(statement_timestamp(), since), statement_timestamp() - make_interval(secs => ${PATIENCE})) - interval '5 milliseconds' as until from under_way)
     select until::text as until, extract(epoch from until)::float8 * 1000 as "untilMs", extract(epoch from statement_timestamp())::float8 * 1000 as "nowMs" from settled`,
  );
  return rows[0]!;
}

/** The lowest id that a row of this instant can have. */
export function idAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** When the row of an id was made, real ms. */
export const madeAt = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/**
 * What has happened after an id and before another, of what is wanted, in the order of ids, at most `limit` rows. Run it in a transaction: it keeps the planner to the
 * indexes.
 */
export async function happenings(
  tx: Queryable,
  { after, before }: { after: string; before: string },
  wanted: Wanted,
  limit: number,
): Promise<Happening[]> {
  await tx.query('set local enable_seqscan = off');
  const { rows } = await tx.query<Happening>(
    `with found as (
       (select e.id, 'event' as "table", e.name as kind, e.at, e.lead_id, null::uuid as account_id, null::uuid as opportunity_id, null::uuid as campaign_id,
               null::uuid as enrolment_id, null as step_id, e.source, e.properties as facts, null as origin
          from event e
         where $3 and e.id > $1 and e.id < $11 and e.lead_id is not null and ($4::text[] is null or e.name = any($4))
         order by e.id limit $2)
       union all
       (select j.id, 'journal', j.kind, j.at, j.lead_id, case when j.kind like 'account\\_%' and pg_input_is_valid(j.because ->> 'account', 'uuid') then (j.because ->> 'account')::uuid end, j.opportunity_id, j.campaign_id,
               j.enrolment_id, j.step_id, null, j.because - 'evidence', j.because ->> 'origin'
          from journal j
         where $5 and j.id > $1 and j.id < $11 and j.kind <> all($6) and (j.kind <> 'stepped' or j.because ->> 'rule' = any($7))
         order by j.id limit $2)
       union all
       (select l.id, 'lead', 'created', l.created_at, l.id, null, null, null, null, null, null, '{}',
               (select x.system from external_id x where x.lead_id = l.id and x.made limit 1)
          from lead l where $8 and l.id > $1 and l.id < $11 order by l.id limit $2)
       union all
       (select a.id, 'account', 'created', a.created_at, null, a.id, null, null, null, null, null, '{}',
               (select x.system from external_id x where x.account_id = a.id and x.made limit 1)
          from account a where $9 and a.id > $1 and a.id < $11 order by a.id limit $2)
       union all
       (select c.id, 'consent', c.state, c.at, c.lead_id, null, null, null, null, null, c.source,
               jsonb_build_object('topic', c.topic, 'state', c.state, 'basis', c.basis, 'source', c.source,
                                  'expiresAt', to_char(c.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), null
          from consent c where $10 and c.id > $1 and c.id < $11 order by c.id limit $2)
       order by 1 limit $2)
     select f.id, f."table", f.kind, f.at, f.lead_id as "leadId", f.account_id as "accountId", f.opportunity_id as "opportunityId", f.campaign_id as "campaignId",
            coalesce(c.kind = 'sequence', false) as sequence, f.enrolment_id as "enrolmentId", f.step_id as "stepId", f.source, f.facts, f.origin
       from found f left join campaign c on c.id = f.campaign_id
      order by f.id`,
    [
      after,
      limit,
      wanted.events !== 'none',
      wanted.events === 'none' || wanted.events === 'all' ? null : wanted.events,
      wanted.journal,
      wanted.notOfJournal,
      wanted.steps ? toldRules : [],
      wanted.leads,
      wanted.accounts,
      wanted.consents,
      before,
    ],
  );
  return rows;
}

/** What of these has not been told to all who are to hear it: a look begins a little before the last one ended. */
export async function notYetTold(tx: Queryable, tellings: readonly Telling[]): Promise<Telling[]> {
  if (tellings.length === 0) return [];
  const { rows } = await tx.query<{ id: string; endpointId: string }>(
    'select message_id as id, endpoint_id as "endpointId" from webhook_delivery where message_id = any($1)',
    [tellings.map(({ id }) => id)],
  );
  const told = new Set(rows.map(({ id, endpointId }) => `${id} ${endpointId}`));
  return tellings.filter(({ id, hearers }) => hearers.some((one) => !told.has(`${id} ${one.id}`)));
}

/** A message as it is kept. */
export interface NewMessage {
  id: string;
  type: string;
  leadId: string | null;
  origin: string | null;
  at: Date;
  body: string;
}

/** Keeps messages, each with the endpoints that are to have it. What is there already stays as it is. Answers how many deliveries are new. */
export async function storeMessages(
  tx: Queryable,
  messages: readonly NewMessage[],
  deliveries: readonly { endpointId: string; messageId: string }[],
): Promise<number> {
  if (deliveries.length === 0) return 0;
  await tx.query(
    `insert into webhook_message (id, type, lead_id, origin, at, body)
     select * from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[]) as m (id, type, lead_id, origin, at, body) order by id
     on conflict (id) do nothing`,
    [
      messages.map((one) => one.id),
      messages.map((one) => one.type),
      messages.map((one) => one.leadId),
      messages.map((one) => one.origin),
      messages.map((one) => one.at),
      messages.map((one) => one.body),
    ],
  );
  // An endpoint that is being deleted goes on being deleted.
  const { rowCount } = await tx.query(
    `insert into webhook_delivery (endpoint_id, message_id)
     select d.endpoint_id, d.message_id from unnest($1::uuid[], $2::text[]) as d (endpoint_id, message_id)
       join (select id from webhook_endpoint where id = any($1::uuid[]) order by id for key share) e on e.id = d.endpoint_id
      order by d.endpoint_id, d.message_id
     on conflict (endpoint_id, message_id) do nothing`,
    [deliveries.map((one) => one.endpointId), deliveries.map((one) => one.messageId)],
  );
  return rowCount ?? 0;
}

/**
 * These endpoints have heard everything until an instant. Answers them as they stand now; not those that somebody has set back, disabled or deleted
 * since `seen`.
 */
export async function noteHeard(
  tx: Queryable,
  heard: readonly { id: string; seen: string }[],
  until: string,
): Promise<{ id: string; heard: string }[]> {
  const { rows } = await tx.query<{ id: string; heard: string }>(
    `with given as (select * from unnest($1::uuid[], $2::text[]) as g (id, seen)),
     locked as (
       select e.id from webhook_endpoint e join given g using (id)
        where e.heard_real = g.seen::timestamptz and e.state = 'enabled' order by e.id for no key update of e)
     update webhook_endpoint e set heard_real = greatest(e.heard_real, $3::timestamptz) from locked where e.id = locked.id
     returning e.id, e.heard_real::text as heard`,
    [heard.map((one) => one.id), heard.map((one) => one.seen), until],
  );
  return rows;
}

/** Sums up the pages of the journal that were filled since, so that the next look reads only those after them. */
export async function sumUpJournal(tx: Queryable): Promise<void> {
  await tx.query(
    `select brin_summarize_new_values(i.indexrelid) from pg_partition_tree('journal_id') t join pg_index i on i.indexrelid = t.relid where t.isleaf`,
  );
}
