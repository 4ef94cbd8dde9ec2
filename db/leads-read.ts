import type { ConsentState } from '../domain/consent/standing.ts';
import type { LeadStanding } from '../domain/crm/lead.ts';
import { normaliseEmail } from '../domain/identity/email.ts';
import type { Stage } from '../domain/lifecycle.ts';
import { isUuid } from '../domain/uuid.ts';
import { STATE_NOW } from './consents.ts';
import { knownBy } from './identities.ts';
import { cutPage, type Place } from './keyset.ts';
import { TOLD_FIELDS } from './lead-columns.ts';
import { leadPaused } from './lead-pause.ts';
import type { Queryable } from './pool.ts';

/** A lead as it is read: who it is, where it belongs, how it stands. */
export interface LeadView extends Omit<LeadStanding, 'accountId'> {
  id: string;
  firstTouch: Record<string, unknown> | null;
  lastTouch: Record<string, unknown> | null;
  account: { id: string; name: string | null; domain: string | null } | null;
  score: { fit: 'A' | 'B' | 'C' | 'D'; engagement: number; level: string; qualified: boolean; computedAt: Date } | null;
  test: boolean;
  /** Marketing to this person is paused since then, and until then (null: until it is resumed). */
  pausedAt: Date | null;
  pausedUntil: Date | null;
  /** What this person does with our mail is not followed, since then; null: it is. */
  untrackedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const leadColumns = `l.id, ${TOLD_FIELDS}, l.tags, l.attributes, l.first_touch as "firstTouch", l.last_touch as "lastTouch", l.test,
  case when ${leadPaused} then l.paused_at end as "pausedAt", case when ${leadPaused} then l.paused_until end as "pausedUntil", l.untracked_at as "untrackedAt",
  l.created_at as "createdAt", l.updated_at as "updatedAt",
  case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name, 'domain', a.domain) end as account,
  s.fit, s.engagement, s.level, s.qualified, s.computed_at as "computedAt"`;
const leadTables = 'lead l left join account a on a.id = l.account_id left join lead_score s on s.lead_id = l.id';

type Row = Omit<LeadView, 'score'> & {
  fit: 'A' | 'B' | 'C' | 'D' | null;
  engagement: number;
  level: string;
  qualified: boolean;
  computedAt: Date;
};

/** A row of `leadColumns` as a lead. */
export function leadOf({ fit, engagement, level, qualified, computedAt, ...lead }: Row): LeadView {
  return { ...lead, score: fit === null ? null : { fit, engagement, level, qualified, computedAt } };
}

export interface LeadFilter {
  /** Part of an email, name or company. */
  q?: string;
  stage?: Stage;
  accountId?: string;
  /** Test leads are left out unless asked for. */
  test: 'exclude' | 'include' | 'only';
}

/** Leads, newest first, one page from a place on. */
export async function listLeads(tx: Queryable, { q, stage, accountId, test }: LeadFilter, limit: number, from: Place | null) {
  const { rows } = await tx.query<Row & { place: Place }>(
    `select ${leadColumns}, jsonb_build_object('at', l.created_at::text, 'id', l.id) as place
       from ${leadTables}
      where ($1::text is null or l.email ilike $1 or l.name ilike $1 or l.company ilike $1 or a.name ilike $1)
        and ($2::text is null or l.stage = $2)
        and ($3::uuid is null or l.account_id = $3)
        and ($4 = 'include' or l.test = ($4 = 'only'))
        and ($5::timestamptz is null or (l.created_at, l.id) < ($5::timestamptz, $6::uuid))
      order by l.created_at desc, l.id desc limit $7`,
    [
      q ? `%${q.replaceAll(/[\\%_]/g, '\\$&')}%` : null,
      stage ?? null,
      accountId ?? null,
      test,
      from?.at ?? null,
      from?.id ?? null,
      limit + 1,
    ],
  );
  return cutPage(
    rows.map(({ place, ...row }) => ({ ...leadOf(row as Row), place })),
    limit,
  );
}

/** The id of the lead with this id or address (any address it was ever known by), or null. */
export async function findLeadId(tx: Queryable, idOrEmail: string): Promise<string | null> {
  const email = normaliseEmail(idOrEmail);
  const { rows } = isUuid(idOrEmail)
    ? await tx.query<{ id: string }>('select id from lead where id = $1', [idOrEmail])
    : email
      ? await tx.query<{ id: string }>(`${knownBy('$1')} limit 1`, [[email]])
      : { rows: [] };
  return rows[0]?.id ?? null;
}

/** One lead, with the campaigns it is or was in, its opportunities and what it agreed to. */
export interface LeadDetail extends LeadView {
  enrolments: {
    id: string;
    campaign: { key: string; name: string };
    state: 'active' | 'completed' | 'goal' | 'exited';
    stepId: string;
    enteredAt: string;
    dueAt: string | null;
    waiting: string | null;
    endedAt: string | null;
    endReason: string | null;
    error: string | null;
  }[];
  opportunities: { id: string; state: string; owner: string | null; createdAt: string; closedAt: string | null }[];
  consents: { topic: string; granted: boolean; state: ConsentState; source: string; expiresAt: string | null; at: string }[];
}

/** The lead of an id, or null. */
export async function readLead(tx: Queryable, id: string): Promise<LeadDetail | null> {
  const { rows } = await tx.query<Row & Pick<LeadDetail, 'enrolments' | 'opportunities' | 'consents'>>(
    `select ${leadColumns},
            (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'campaign', jsonb_build_object('key', c.key, 'name', c.name), 'state', e.state, 'stepId', e.step_id,
                       'enteredAt', ${iso('e.entered_at')}, 'dueAt', case when e.state = 'active' then ${iso('e.due_at')} end, 'waiting', e.waiting,
                       'endedAt', ${iso('e.ended_at')}, 'endReason', e.end_reason, 'error', e.error) order by e.entered_at desc, e.id desc), '[]')
               from enrolment e join campaign c on c.id = e.campaign_id where e.lead_id = l.id) as enrolments,
            (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'state', o.state, 'owner', r.name, 'createdAt', ${iso('o.created_at')},
                       'closedAt', ${iso('o.closed_at')}) order by o.created_at desc, o.id desc), '[]')
               from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id left join rep r on r.id = o.owner_rep_id where ol.lead_id = l.id) as opportunities,
            (select coalesce(jsonb_agg(jsonb_build_object('topic', k.topic, 'granted', k.state = 'granted', 'state', k.state, 'source', k.source,
                       'expiresAt', ${iso('k.expires_at')}, 'at', ${iso('k.at')}) order by k.topic), '[]')
               from (select distinct on (c.topic) c.topic, c.source, c.at, c.expires_at, ${STATE_NOW} as state
                       from consent c where c.lead_id = l.id order by c.topic, c.id desc) k) as consents
       from ${leadTables} where l.id = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) return null;
  const { enrolments, opportunities, consents, ...lead } = row;
  return { ...leadOf(lead), enrolments, opportunities, consents };
}

/** An instant inside a JSON value, as the api writes instants. */
export function iso(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
