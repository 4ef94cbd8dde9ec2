import type { Queryable } from './pool.ts';

/** A task as its owner is told of it. */
export interface TaskCard {
  id: string;
  title: string;
  state: 'open' | 'done' | 'cancelled';
  outcome: string | null;
  outcomes: string[];
  dueAt: Date;
  /** How often it changed hands, and how often it was reminded of. */
  handovers: number;
  reminders: number;
  owner: { id: string; key: string; name: string; timezone: string; active: boolean };
  leadId: string;
  name: string;
  role: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  country: string | null;
  fit: string | null;
  engagement: number | null;
  campaign: string | null;
  test: boolean;
}

/** The cards of these tasks; one statement. */
export async function taskCards(tx: Queryable, ids: readonly string[]): Promise<TaskCard[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<TaskCard>(
    `select t.id, t.title, t.state, t.outcome, t.outcomes, t.due_at as "dueAt", t.handovers, t.reminders,
            jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name, 'timezone', r.timezone, 'active', r.active) as owner,
            l.id as "leadId", coalesce(l.name, nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.email, l.phone, 'Somebody') as name,
            l.title as role, l.email, l.phone, coalesce(a.name, l.company) as company, coalesce(l.country, a.country) as country,
            s.fit, round(s.engagement)::int as engagement, c.name as campaign, t.test
       from task t join rep r on r.id = t.owner_rep_id join lead l on l.id = t.lead_id
       left join account a on a.id = l.account_id left join lead_score s on s.lead_id = l.id left join campaign c on c.id = t.campaign_id
      where t.id = any($1) order by t.id`,
    [ids],
  );
  return rows;
}
