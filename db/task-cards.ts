import type { TaskCard } from '../domain/tasks/card.ts';
import { NAME } from './person.ts';
import type { Queryable } from './pool.ts';

/** The cards of these tasks; one statement. Who is of another firm is shown nothing of how we judge people or whence they came. */
export async function taskCards(tx: Queryable, ids: readonly string[]): Promise<TaskCard[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<TaskCard>(
    `select t.id, t.title, t.state, t.outcome, t.outcomes, t.due_at as "dueAt", t.handovers, t.reminders,
            jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name, 'timezone', r.timezone, 'active', r.active) as owner,
            t.kind, t.source, t.details, l.id as "leadId",
            coalesce(${NAME}, l.email, l.phone, a.name, a.domain, 'Somebody') as name,
            l.title as role, l.email, l.phone, case when l.id is not null then coalesce(a.name, l.company, a.domain) end as company, coalesce(l.country, a.country) as country,
            case when r.partner is null then s.fit end as fit, case when r.partner is null then round(s.engagement)::int end as engagement,
            case when r.partner is null then c.name end as campaign, t.test
       from task t join rep r on r.id = t.owner_rep_id left join lead l on l.id = t.lead_id
       left join account a on a.id = coalesce(l.account_id, t.account_id) left join lead_score s on s.lead_id = l.id left join campaign c on c.id = t.campaign_id
      where t.id = any($1::uuid[]) order by t.id`,
    [ids],
  );
  return rows;
}
