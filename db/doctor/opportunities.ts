import { late, type Rule } from './rule.ts';

/** A lead handed to sales is never dropped. */
export const opportunityRules: Rule[] = [
  {
    check: 'opportunity-owner',
    what: 'Every open opportunity has an owner or stands in the queue of its pool',
    mend: 'Assign it: POST /v1/opportunities/{id}/reassign',
    sql: `select id, state from opportunity
           where closed_at is null and owner_rep_id is null and (state <> 'queued' or not exists (select from pool p where p.id = pool_id))`,
  },
  {
    check: 'opportunity-look',
    what: 'Every open opportunity has an instant at which it is looked at next',
    mend: 'Set next_look_at to clock(): its loop takes it from there',
    sql: 'select id, state from opportunity where closed_at is null and next_look_at is null',
  },
  {
    check: 'opportunity-overdue',
    what: 'No open opportunity waits for a look longer than the sweeper needs',
    mend: 'Is a worker running, and Temporal reachable? See /readyz; the sweeper pokes these every few seconds',
    sql: `select o.id, o.state, o.next_look_at as "nextLookAt" from opportunity o, w where o.next_look_at is not null and ${late('o.next_look_at')}
           order by o.next_look_at`,
  },
];
