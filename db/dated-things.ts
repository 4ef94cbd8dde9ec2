import { leadZone } from '../domain/calendar/lead-zone.ts';
import type { DatedThing } from '../domain/campaign/appointment.ts';
import type { Door } from '../domain/campaign/doors.ts';
import { accountFacts, leadFacts } from './fact-columns.ts';
import type { Queryable } from './pool.ts';

type Row = Omit<DatedThing, 'zone' | 'guests'> & {
  zone: string | null;
  phone: string | null;
  country: string | null;
  guests: DatedThing['guests'] | null;
};

const ACCOUNT = `jsonb_strip_nulls(jsonb_build_object('account', t.account_id))`;

const QUERIES: Record<'lead' | 'account' | 'occasion' | 'record', string> = {
  lead: `select l.id, l.timezone as zone, l.phone, l.country, ${leadFacts} as facts, '{}'::jsonb as brings, null::uuid as "accountId", l.id as "leadId", null as guests
           from lead l where l.id = any($1::uuid[])`,
  account: `select a.id, null as zone, null as phone, null as country, ${accountFacts} as facts, jsonb_build_object('account', a.id) as brings,
                   a.id as "accountId", null::uuid as "leadId", null as guests
              from account a where a.id = any($1::uuid[])`,
  occasion: `select o.id, o.timezone as zone, null as phone, null as country,
                    o.attributes || jsonb_strip_nulls(jsonb_build_object('key', o.key, 'name', o.name, 'kind', o.kind, 'place', o.place)) as facts,
                    jsonb_build_object('occasion', o.key, 'occasion_name', o.name, 'occasion_kind', o.kind) as brings, null::uuid as "accountId", null::uuid as "leadId",
                    (select jsonb_agg(jsonb_build_object('leadId', g.lead_id, 'state', g.state) order by g.lead_id) from occasion_guest g where g.occasion_id = o.id) as guests
               from occasion o where o.id = any($1::uuid[])`,
  record: `select t.id, null as zone, null as phone, null as country,
                  t.attributes || jsonb_strip_nulls(jsonb_build_object('key', t.external_id, 'kind', t.kind, 'status', t.status, 'amount', t.amount, 'currency', t.currency,
                    'products', t.products)) as facts,
                  jsonb_build_object(t.kind, t.external_id, 'record_kind', t.kind) || ${ACCOUNT} as brings, t.account_id as "accountId", t.lead_id as "leadId", null as guests
             from record t where t.id = any($1::uuid[])`,
};

/** The things of these ids, by id; one statement for each kind of table there is. Those that are gone are not there. */
export async function datedThings(
  tx: Queryable,
  wanted: readonly { subject: Door['subject']; subjectId: string | null }[],
  workspaceZone: string,
): Promise<Map<string, DatedThing>> {
  const things = new Map<string, DatedThing>();
  for (const table of ['lead', 'account', 'occasion', 'record'] as const) {
    const ids = wanted.flatMap(({ subject, subjectId }) => (subjectId && tableOf(subject) === table ? [subjectId] : []));
    if (ids.length === 0) continue;
    const { rows } = await tx.query<Row>(QUERIES[table], [[...new Set(ids)]]);
    for (const { zone, phone, country, guests, ...thing } of rows) {
      const here = leadZone({ timezone: zone, phone, country }, workspaceZone);
      things.set(thing.id, { ...thing, zone: here, guests: guests ?? [] });
    }
  }
  return things;
}

function tableOf(subject: Door['subject']): keyof typeof QUERIES | null {
  if (subject === 'schedule') return null;
  return subject === 'lead' || subject === 'account' || subject === 'occasion' ? subject : 'record';
}
