import { late, type Rule } from './rule.ts';

/** What reps and managers were promised to be told, and what is kept of broken promises. */
export const promiseRules: Rule[] = [
  {
    check: 'snooze-end',
    what: 'What a rep has put off comes back: it is looked at when its time is over',
    mend: 'Set next_look_at to snoozed_until: its loop takes it from there',
    sql: `select id, state, snoozed_until as "snoozedUntil" from opportunity
           where closed_at is null and state in ('accepted', 'touched') and snoozed_until > (select now from w) and next_look_at > snoozed_until`,
  },
  {
    check: 'stage-known',
    what: 'An open opportunity that was accepted stands in a stage of the pipeline',
    mend: 'Say how far it is: PATCH /v1/opportunities/{id} with a stage; or put the stage back into pipeline.yaml',
    listOnly: true,
    sql: `select o.id, o.stage from opportunity o
           where o.closed_at is null and o.state in ('accepted', 'touched') and o.stage is not null
             and exists (select from document d where d.kind = 'pipeline')
             and not exists (select from (select body from document where kind = 'pipeline' and key = 'default' order by version desc limit 1) p,
                                         jsonb_array_elements(p.body -> 'stages') s where s ->> 'key' = o.stage)`,
  },
  {
    check: 'breach-open',
    what: 'A broken promise is open only while its opportunity, or its submission, still waits',
    mend: 'Set ended_at to when it was answered',
    sql: `select b.id, b.state from breach b left join opportunity o on o.id = b.opportunity_id left join submission s on s.id = b.submission_id
           where b.ended_at is null and (o.closed_at is not null or s.state <> 'review')`,
  },
  {
    check: 'review-look',
    what: 'Every submission under review is looked after by its ladder',
    mend: 'Is a worker running? See /readyz; the sweeper looks every few seconds',
    sql: `select s.id, s.form_key as "formKey", s.review_look_at as "lookAt" from submission s, w
           where s.state = 'review' and ${late('s.review_look_at')} order by s.review_look_at`,
  },
];
