import { late, type Rule } from './rule.ts';

/** What came in is kept, known by somebody, and stored where it can grow. */
export const intakeRules: Rule[] = [
  {
    check: 'submission-lost',
    what: 'Every accepted submission has its lead and its event',
    mend: 'Take it in again: POST /v1/submissions/{id}/resolve',
    sql: `select s.id, s.form_key as "formKey" from submission s
           where (s.state = 'accepted' and (s.lead_id is null or s.event_id is null or not exists (select from event e where e.id = s.event_id)))
              or (s.state = 'resolved' and s.lead_id is null)`,
  },
  {
    check: 'review-unheard',
    what: 'A submission that waits for a person too long is escalated',
    mend: 'Is a worker running? The sweeper tells the managers; see GET /v1/submissions?state=review',
    sql: `select s.id, s.form_key as "formKey", s.review_due_at as "dueAt" from submission s, w
           where s.state = 'review' and s.escalated_at is null and ${late('s.review_due_at')}`,
  },
  {
    check: 'lead-unrecognisable',
    what: 'Every lead can be recognised when it comes back',
    mend: 'Add its address or number to lead_identity',
    sql: `select l.id from lead l where not exists (select from lead_identity i where i.lead_id = l.id)`,
  },
  {
    check: 'partition-missing',
    what: 'What happens from this month on has a partition of its month',
    mend: 'Move the rows aside, call ensure_partitions(4), put them back',
    sql: `select * from (
            select 'event' as parent, date_trunc('month', at) as month, count(*) from event_default, w where at >= date_trunc('month', w.now) group by 2
            union all
            select 'journal', date_trunc('month', at), count(*) from journal_default, w where at >= date_trunc('month', w.now) group by 2) late`,
  },
];
