import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';
import { type Grade, gradesOf } from '../domain/sla/document.ts';
import type { OpportunityState } from './standing.ts';

interface Named {
  key: string;
  name: string;
}

/** An opportunity as it is read. */
export interface OpportunityView {
  id: string;
  state: OpportunityState;
  pool: string;
  productLine: string | null;
  source: 'form' | 'campaign' | 'score' | 'api';
  urgent: boolean;
  /** Marketing goes on while it is open. */
  nurture: boolean;
  lead: { id: string; name: string | null; email: string | null; company: string | null };
  account: { id: string; name: string | null; domain: string | null } | null;
  owner: Named | null;
  /** A second rep who may accept too; while queued, who is to have it. */
  asked: Named | null;
  /** While queued: nobody may take it. Instants as Postgres writes them. */
  held: { since: string; until: string | null } | null;
  /** While a partner has not accepted it: when it comes back. */
  returnAt: Date | null;
  rung: number;
  /** How far up the rungs by the wall clock. */
  wallRung: number;
  nextLookAt: Date | null;
  /** Put off by its rep until then. */
  snoozedUntil: Date | null;
  overdue: boolean;
  breachedAt: Date | null;
  createdAt: Date;
  offeredAt: Date | null;
  acceptedAt: Date | null;
  touchedAt: Date | null;
  firstTouchBy: string | null;
  closedAt: Date | null;
  rejectedReason: string | null;
  resumeAt: Date | null;
  /** Key of a stage of the pipeline. */
  stage: string | null;
  stageAt: Date | null;
  amount: number | null;
  currency: string | null;
  /** A local date. */
  expectedClose: string | null;
  /** Of a loss. */
  outcomeReason: string | null;
  grade: 'A' | 'B' | 'C' | 'D' | null;
  /** Key of the routing rule that decided whose it is. */
  rule: string | null;
  /** The grades that its ladder is chosen by, the most special first. */
  grades: Grade[];
  test: boolean;
}

const named = (rep: string) => `case when ${rep}.id is not null then jsonb_build_object('key', ${rep}.key, 'name', ${rep}.name) end`;

const columns = `o.id, o.state, p.key as pool, nullif(o.product_line, '') as "productLine", o.source, o.urgent, o.nurture,
  jsonb_build_object('id', l.id, 'name', l.name, 'email', l.email, 'company', l.company) as lead,
  case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name, 'domain', a.domain) end as account,
  ${named('r')} as owner, ${named('b')} as asked,
  case when o.held_since is not null then jsonb_build_object('since', o.held_since, 'until', o.held_until) end as held, o.return_at as "returnAt", o.rung, o.wall_rung as "wallRung", o.next_look_at as "nextLookAt",
  case when o.state in ('accepted', 'touched') and o.next_look_at = o.snoozed_until then o.snoozed_until end as "snoozedUntil",
  coalesce(o.closed_at is null and o.next_look_at < clock(), false) as overdue, o.breached_at as "breachedAt", o.created_at as "createdAt",
  o.offered_at as "offeredAt", o.accepted_at as "acceptedAt", o.touched_at as "touchedAt", o.first_touch_by as "firstTouchBy", o.closed_at as "closedAt",
  o.rejected_reason as "rejectedReason", o.resume_at as "resumeAt", o.stage, o.stage_at as "stageAt",
  o.amount::float8 as amount, o.currency, o.expected_close::text as "expectedClose", o.outcome_reason as "outcomeReason", o.grade, o.rule, o.vip, coalesce(o.grade, sc.fit) as fit, o.test`;
const tables = `opportunity o join pool p on p.id = o.pool_id join lead l on l.id = o.lead_id left join account a on a.id = o.account_id
  left join rep r on r.id = o.owner_rep_id left join rep b on b.id = o.asked_rep_id
  left join lead_score sc on sc.lead_id = o.lead_id`;

type Row = Omit<OpportunityView, 'grades'> & { vip: boolean; fit: string | null };

const viewOf = ({ vip, fit, ...row }: Row): OpportunityView => ({ ...row, grades: gradesOf({ vip, urgent: row.urgent, fit }) });

export interface OpportunityFilter {
  state?: OpportunityState;
  /** Keys. */
  rep?: string;
  pool?: string;
  leadId?: string;
  /** Open ones only, or closed ones only. */
  open?: boolean;
  /** In this stage of the pipeline. */
  stage?: string;
  /** Put off at this moment, or not. */
  snoozed?: boolean;
  /** The ladder should have been climbed by now, or the promise was broken. */
  overdue?: boolean;
  test: 'exclude' | 'include' | 'only';
}

/** One page of opportunities, newest first. */
export async function listOpportunities(tx: Queryable, filter: OpportunityFilter, limit: number, after: Place | null) {
  const { rows } = await tx.query<Row & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', o.created_at::text, 'id', o.id) as place from ${tables}
      where ($1::text is null or o.state = $1) and ($2::text is null or r.key = $2) and ($3::text is null or p.key = $3)
        and ($4::uuid is null or exists (select from opportunity_lead ol where ol.opportunity_id = o.id and ol.lead_id = $4))
        and ($5::boolean is null or (o.closed_at is null) = $5)
        and ($6::boolean is null or (o.closed_at is null and (o.next_look_at < clock() or o.breached_at is not null)) = $6)
        and ($7 = 'include' or o.test = ($7 = 'only'))
        and ($8::text is null or o.stage = $8)
        and ($9::boolean is null or coalesce(o.state in ('accepted', 'touched') and o.next_look_at = o.snoozed_until, false) = $9)
        and ($10::timestamptz is null or (o.created_at, o.id) < ($10, $11::uuid))
      order by o.created_at desc, o.id desc limit $12`,
    [
      filter.state ?? null,
      filter.rep ?? null,
      filter.pool ?? null,
      filter.leadId ?? null,
      filter.open ?? null,
      filter.overdue ?? null,
      filter.test,
      filter.stage ?? null,
      filter.snoozed ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  );
  const page = cutPage(rows, limit);
  return { ...page, items: page.items.map(viewOf) };
}

/** One opportunity, or null. */
export async function findOpportunity(tx: Queryable, id: string): Promise<OpportunityView | null> {
  const { rows } = await tx.query<Row>(`select ${columns} from ${tables} where o.id = $1`, [id]);
  return rows[0] ? viewOf(rows[0]) : null;
}

/** Everybody on an opportunity, in the order they came. */
export async function peopleOn(tx: Queryable, id: string): Promise<OpportunityView['lead'][]> {
  const { rows } = await tx.query<OpportunityView['lead']>(
    `select l.id, l.name, l.email, l.company from opportunity_lead ol join lead l on l.id = ol.lead_id where ol.opportunity_id = $1 order by ol.added_at, l.id`,
    [id],
  );
  return rows;
}

export interface HistoryLine {
  at: Date;
  kind: string;
  leadId: string | null;
  because: Record<string, unknown>;
}

/** What happened to an opportunity, oldest first; the latest 500. */
export async function historyOf(tx: Queryable, id: string): Promise<HistoryLine[]> {
  const { rows } = await tx.query<HistoryLine>(
    `select at, kind, "leadId", because from (
       select id, at, kind, lead_id as "leadId", because from journal where opportunity_id = $1 order by at desc, id desc limit 500) j order by at, id`,
    [id],
  );
  return rows;
}
