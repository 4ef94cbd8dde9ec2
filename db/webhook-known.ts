import type { Happening } from '../domain/webhooks/happening.ts';
import { type Known, mailOf, recordOf, taskOf } from '../domain/webhooks/payload.ts';
import { iso } from './leads-read.ts';
import type { Queryable } from './pool.ts';

const rep = (r: string): string =>
  `case when ${r}.id is not null then jsonb_build_object('id', ${r}.id, 'key', ${r}.key, 'name', ${r}.name, 'email', ${r}.email) end`;

const externalIds = (column: string, id: string): string =>
  `coalesce((select jsonb_agg(jsonb_build_object('system', x.system, 'id', x.external_id) order by x.at, x.system, x.external_id) from external_id x where x.${column} = ${id}), '[]')`;

const companyOf = (a: string, r: string): string =>
  `'id', ${a}.id, 'externalIds', ${externalIds('account_id', `${a}.id`)}, 'name', ${a}.name, 'domain', ${a}.domain, 'country', ${a}.country, 'owner', ${rep(r)}`;

const LEADS = `select l.id, ${externalIds('lead_id', 'l.id')} as "externalIds", l.email, l.phone, l.first_name as "firstName", l.last_name as "lastName", l.name, l.title,
        l.company, l.country, l.timezone, l.locale, l.buying_role as "buyingRole", l.stage, l.tags, l.attributes,
        case when s.lead_id is not null then jsonb_build_object('fit', s.fit, 'engagement', s.engagement, 'level', s.level, 'qualified', s.qualified) end as score,
        case when a.id is not null then jsonb_build_object(${companyOf('a', 'r')}) end as account,
        l.test, ${iso('l.created_at')} as "createdAt", ${iso('l.updated_at')} as "updatedAt"
   from lead l left join lead_score s on s.lead_id = l.id left join account a on a.id = l.account_id left join rep r on r.id = a.owner_rep_id where l.id = any($1::uuid[])`;

const ACCOUNTS = `select a.id, ${externalIds('account_id', 'a.id')} as "externalIds", a.name, a.domain, a.country, a.attributes, ${rep('r')} as owner
   from account a left join rep r on r.id = a.owner_rep_id where a.id = any($1::uuid[])`;

const OPPORTUNITIES = `select o.id, o.state, o.stage, p.key as pool, nullif(o.product_line, '') as "productLine", o.source, ${rep('r')} as owner, o.lead_id as "leadId",
        o.account_id as "accountId", o.amount::float8 as amount, o.currency, to_char(o.expected_close, 'YYYY-MM-DD') as "expectedClose",
        o.rejected_reason as "rejectedReason", o.outcome_reason as "outcomeReason", ${iso('o.created_at')} as "createdAt", ${iso('o.closed_at')} as "closedAt", o.test
   from opportunity o join pool p on p.id = o.pool_id left join rep r on r.id = o.owner_rep_id where o.id = any($1::uuid[])`;

const TASKS = `select t.id, t.title, t.state, ${rep('r')} as owner, t.outcome, t.note, ${iso('t.due_at')} as "dueAt", t.lead_id as "leadId", t.account_id as "accountId",
        t.opportunity_id as "opportunityId"
   from task t left join rep r on r.id = t.owner_rep_id where t.id = any($1::uuid[])`;

const MAILS = `select s.send_key as "sendKey", s.id, s.template, s.class, s.subject, s.state, s.reason, s.step_id as step from send s where s.send_key = any($1)`;

const RECORDS = `select r.id, r.kind, r.external_id as number, r.system, r.status, r.amount::float8 as amount, r.currency, r.products, r.dates, r.attributes,
        r.account_id as "accountId", r.lead_id as "leadId" from record r where r.id = any($1::uuid[])`;

/** What is known now of all that these happenings are about: a statement for each kind of thing among them. */
export async function knownOf(tx: Queryable, rows: readonly Happening[]): Promise<Known> {
  const things = async <T>(sql: string, of: (row: Happening) => string | null, key: 'id' | 'sendKey' = 'id'): Promise<Map<string, T>> => {
    const ids = [...new Set(rows.flatMap((row) => of(row) ?? []))];
    if (ids.length === 0) return new Map();
    const found = await tx.query<Record<string, string>>(sql, [ids]);
    return new Map(
      found.rows.map((row) => {
        const { sendKey: _, ...shown } = row;
        return [row[key]!, shown as T];
      }),
    );
  };
  return {
    leads: await things(LEADS, (row) => row.leadId),
    accounts: await things(ACCOUNTS, (row) => row.accountId),
    opportunities: await things(OPPORTUNITIES, (row) => row.opportunityId),
    campaigns: await things('select id, key, name from campaign where id = any($1::uuid[])', (row) => row.campaignId),
    tasks: await things(TASKS, taskOf),
    mails: await things(MAILS, mailOf, 'sendKey'),
    records: await things(RECORDS, (row) => (row.kind.startsWith('record_') ? recordOf(row) : null)),
  };
}
