import type { Hours } from '../domain/calendar/hours.ts';
import { campaign as campaignSchema } from '../domain/campaign/document.ts';
import { type OutlineStep, outline } from '../domain/campaign/outline.ts';
import type { Action } from '../domain/sla/rungs.ts';
import { gradesOf } from '../domain/sla/document.ts';
import { ladderNow, rungDue, type Watched } from '../domain/sla/ladder.ts';
import { type Alert, listAlerts } from './alerts.ts';
import type { Queryable } from './pool.ts';
import { loadSla, type Sla } from './sla.ts';

export interface OverviewWorkspace {
  name: string;
  timezone: string;
  demo: boolean;
  now: Date;
  rate: number;
  sendingStoppedAt: Date | null;
  newLeads: number;
  mailed: number;
  inCampaigns: number;
  openOpportunities: number;
}

export interface OverviewCampaign {
  id: string;
  key: string;
  name: string;
  state: 'live' | 'paused';
  entered: number;
  active: number;
  completed: number;
  goal: number;
  exited: number;
  steps: (OutlineStep & { active: number; passed: number })[];
}

export interface OverviewLead {
  id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  stage: string;
  fit: string | null;
  engagement: number | null;
  level: string | null;
  createdAt: Date;
}

export interface OverviewOpportunity {
  id: string;
  who: string | null;
  company: string | null;
  pool: string;
  state: 'queued' | Watched;
  owner: string | null;
  rung: number;
  since: Date;
  nextLookAt: Date;
  /** What the next rung does; `snoozed`: put off by its rep; `held`: in a queue until somebody is in; null: in a queue. */
  next: Action | 'snoozed' | 'held' | null;
  breachedAt: Date | null;
  /** In the green channel. */
  vip: boolean;
}

/** What the ladder is read from. */
interface Ladder {
  poolKey: string;
  held: boolean;
  snoozed: boolean;
  urgent: boolean;
  fit: string | null;
  wallRung: number;
  rungDueAt: Date | null;
  ladderSince: Date | null;
  offeredAt: Date | null;
  acceptedAt: Date | null;
  touchedAt: Date | null;
  hours: Hours | null;
  timezone: string;
  now: Date;
}

export interface OverviewReview {
  id: string;
  formKey: string;
  reason: string | null;
  receivedAt: Date;
  dueAt: Date;
  escalatedAt: Date | null;
}

export interface Overview {
  workspace: OverviewWorkspace;
  /** What is open, newest first. */
  alerts: Alert[];
  campaigns: OverviewCampaign[];
  leads: OverviewLead[];
  opportunities: OverviewOpportunity[];
  reviews: OverviewReview[];
}

const ALERTS = 5;
const CAMPAIGNS = 12;
const LEADS = 10;
const OPPORTUNITIES = 12;
const REVIEWS = 5;

/** What somebody who looks in wants to see at a glance: the newest and the most pressing of everything. Test leads stay out. */
export async function readOverview(tx: Queryable): Promise<Overview> {
  const campaigns = await overviewCampaigns(tx);
  return {
    workspace: await overviewWorkspace(tx),
    alerts: (await listAlerts(tx, { open: true, limit: ALERTS, from: null })).items,
    campaigns,
    leads: await overviewLeads(tx),
    opportunities: await overviewOpportunities(tx),
    reviews: await overviewReviews(tx),
  };
}

async function overviewWorkspace(tx: Queryable): Promise<OverviewWorkspace> {
  const { rows } = await tx.query<OverviewWorkspace>(
    `select name, timezone, demo, clock() as now, clock_rate as rate, sending_stopped_at as "sendingStoppedAt",
            (select count(*)::integer from lead where created_at > clock() - interval '7 days' and not test) as "newLeads",
            (select count(*)::integer from send where queued_at > clock() - interval '7 days' and state = 'accepted' and class <> 'internal' and not test) as mailed,
            (select count(*)::integer from enrolment where state = 'active' and rep_id is null and not test) as "inCampaigns",
            (select count(*)::integer from opportunity where closed_at is null and not test) as "openOpportunities"
       from workspace`,
  );
  return rows[0]!;
}

async function overviewCampaigns(tx: Queryable): Promise<OverviewCampaign[]> {
  const { rows } = await tx.query<
    Omit<OverviewCampaign, 'steps'> & { body: unknown; at: Record<string, number> | null; passed: Record<string, number> | null }
  >(
    `with shown as (select * from campaign where kind = 'campaign' and state in ('live', 'paused') order by state, name limit ${CAMPAIGNS}),
     stood as (
       select campaign_id, state, step_id, count(*)::integer as n from enrolment
        where campaign_id = any(select id from shown) and not test group by campaign_id, state, step_id),
     passed as (select campaign_id, step_id, sum(passed)::integer as n from step_passed where campaign_id = any(select id from shown) group by campaign_id, step_id)
     select c.id, c.key, c.name, c.state, v.body,
            coalesce((select sum(n) from stood s where s.campaign_id = c.id), 0)::integer as entered,
            coalesce((select sum(n) from stood s where s.campaign_id = c.id and s.state = 'active'), 0)::integer as active,
            coalesce((select sum(n) from stood s where s.campaign_id = c.id and s.state = 'completed'), 0)::integer as completed,
            coalesce((select sum(n) from stood s where s.campaign_id = c.id and s.state = 'goal'), 0)::integer as goal,
            coalesce((select sum(n) from stood s where s.campaign_id = c.id and s.state = 'exited'), 0)::integer as exited,
            (select jsonb_object_agg(step_id, n) from stood s where s.campaign_id = c.id and s.state = 'active') as at,
            (select jsonb_object_agg(step_id, n) from passed p where p.campaign_id = c.id) as passed
       from shown c left join campaign_version v on v.id = c.live_version_id
      order by c.state, c.name`,
  );
  return rows.map(({ body, at, passed, ...row }) => ({
    ...row,
    steps: stepsOf(body).map((step) => ({ ...step, active: at?.[step.id] ?? 0, passed: passed?.[step.id] ?? 0 })),
  }));
}

/** A stored document that today's schema refuses is shown without its steps rather than not at all. */
function stepsOf(body: unknown): OutlineStep[] {
  const parsed = campaignSchema.safeParse(body);
  return parsed.success ? outline(parsed.data) : [];
}

async function overviewLeads(tx: Queryable): Promise<OverviewLead[]> {
  const { rows } = await tx.query<OverviewLead>(
    `select l.id, coalesce(l.name, l.first_name, l.last_name) as name, l.email, l.phone, coalesce(a.name, l.company) as company, l.stage, s.fit, s.engagement, s.level, l.created_at as "createdAt"
       from lead l left join account a on a.id = l.account_id left join lead_score s on s.lead_id = l.id
      where not l.test order by l.created_at desc limit ${LEADS}`,
  );
  return rows;
}

const pressing = `o.state not in ('queued', 'offered'), not o.vip, o.breached_at is null, o.rung desc, o.created_at desc`;

/** What is with sales, the most pressing first, at most so many; of one pool (its id), or of all. */
export async function overviewOpportunities(
  tx: Queryable,
  limit = OPPORTUNITIES,
  poolId: string | null = null,
): Promise<OverviewOpportunity[]> {
  const { rows } = await tx.query<OverviewOpportunity & Ladder>(
    `with o as materialized (
       select * from opportunity o where o.closed_at is null and not o.test and ($2::uuid is null or o.pool_id = $2) order by ${pressing} limit $1)
     select o.id, coalesce(l.name, l.first_name, l.last_name, l.email, l.phone) as who, coalesce(a.name, l.company) as company, p.name as pool, p.key as "poolKey", o.state, r.name as owner, o.rung,
            case o.state when 'queued' then o.created_at when 'offered' then o.offered_at when 'accepted' then o.accepted_at else o.touched_at end as since,
            o.next_look_at as "nextLookAt", o.breached_at as "breachedAt", o.vip, o.held_since is not null as held,
            coalesce(o.state in ('accepted', 'touched') and o.next_look_at = o.snoozed_until, false) as snoozed, o.urgent, coalesce(o.grade, s.fit) as fit,
            o.wall_rung as "wallRung", o.rung_due_at as "rungDueAt", o.ladder_since as "ladderSince", o.offered_at as "offeredAt", o.accepted_at as "acceptedAt",
            o.touched_at as "touchedAt", r.hours, r.timezone, clock() as now
       from o join lead l on l.id = o.lead_id join pool p on p.id = o.pool_id left join lead_score s on s.lead_id = o.lead_id
       left join account a on a.id = o.account_id left join rep r on r.id = o.owner_rep_id
      order by ${pressing}`,
    [limit, poolId],
  );
  const sla = rows.length > 0 ? await loadSla(tx) : null;
  return rows.map((row) => ({ ...row, next: nextOf(row, sla!) }));
}

function nextOf(row: OverviewOpportunity & Ladder, sla: Sla): OverviewOpportunity['next'] {
  if (row.state === 'queued') return row.held ? 'held' : null;
  if (row.snoozed) return 'snoozed';
  const policy = sla.policy(row.poolKey, gradesOf(row));
  const work = sla.work(row);
  return rungDue(policy, ladderNow(policy, { ...row, state: row.state }, work), work).action;
}

async function overviewReviews(tx: Queryable): Promise<OverviewReview[]> {
  const { rows } = await tx.query<OverviewReview>(
    `select id, form_key as "formKey", reason, received_at as "receivedAt", review_due_at as "dueAt", escalated_at as "escalatedAt" from submission
      where state = 'review' order by review_due_at limit ${REVIEWS}`,
  );
  return rows;
}
