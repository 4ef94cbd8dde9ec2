import { late, type Rule } from './rule.ts';

/** Nobody's consent ends unseen. */
export const consentRules: Rule[] = [
  {
    check: 'consent-unwatched',
    what: 'Every consent that runs out has its next look',
    mend: 'Note it once more (POST /v1/leads/{lead}/consents): it is looked at from then on',
    sql: `select c.id, c.lead_id as "leadId", c.topic, c.expires_at as "expiresAt" from consent c
           where c.expires_at is not null and not exists (select from consent_due d where d.lead_id = c.lead_id and d.topic = c.topic and d.consent_id = c.id)
             and not exists (select from consent later where later.lead_id = c.lead_id and later.topic = c.topic and later.id > c.id)`,
  },
  {
    check: 'consent-overdue',
    what: 'Reminders, warnings and ends of consents are not late',
    mend: 'See whether the sweeper runs, and what its chore "consents that run out" says in the log',
    sql: `select d.lead_id as "leadId", d.topic, d.what, d.due_at as "dueAt" from consent_due d, w where ${late('d.due_at')}`,
  },
];
