import { HOST_LIMIT } from '../../domain/calls/call.ts';
import { late, type Rule } from './rule.ts';

/** What was asked of people and of other systems is not forgotten, and who waits for it hears of it. */
export const askedRules: Rule[] = [
  {
    check: 'task-owner',
    what: 'Every open task has an owner who is active, and an instant at which it is looked at next',
    mend: 'Is a worker running? The sweeper gives it to somebody else; or POST /v1/tasks/{id}/reassign',
    sql: `select t.id, r.key as rep from task t join rep r on r.id = t.owner_rep_id, w
           where t.state = 'open' and (t.next_look_at is null or (not r.active and ${late('t.created_at')} and ${late('t.next_look_at')}))`,
  },
  {
    check: 'task-overdue',
    what: 'Who has an open task is reminded when it is due',
    mend: 'Is a worker running? The sweeper reminds them',
    sql: `select t.id, t.next_look_at as "nextLookAt" from task t join rep r on r.id = t.owner_rep_id, w where t.state = 'open' and r.active and ${late('t.next_look_at')}`,
  },
  {
    check: 'callback-overdue',
    what: 'A call that is owed after a service or a delivery is a task when its time has come',
    mend: 'Is a worker running? The sweeper opens it',
    sql: `select c.rule, c.record_id as "recordId", c.due_at as "dueAt" from callback c, w where c.state = 'armed' and ${late('c.due_at')}`,
  },
  {
    check: 'call-overdue',
    what: 'A call to another system that may be made is made soon, and one whose worker vanished is made again',
    mend: 'Is a worker running, and Temporal reachable? See /readyz',
    sql: `select c.id, c.lane, c.host, c.state from outgoing_call c left join campaign p on p.id = c.campaign_id, w
           where w.stopped is null and coalesce(p.state, 'live') <> 'paused'
             and ((c.state = 'queued' and ${late('c.due_at')}
                   and (select count(*) from outgoing_call b where b.lane = c.lane and b.host = c.host and b.state = 'claimed') < ${HOST_LIMIT}) or (c.state = 'claimed' and c.claimed_until_real < w.real - make_interval(secs => w.grace)))`,
  },
  {
    check: 'answer-unheard',
    what: 'An enrolment that waits for a task or a call is woken when there is an outcome',
    mend: 'Insert a wake for it; its loop looks again at once',
    sql: `select e.id, e.campaign_id as "campaignId", e.step_id as "stepId", e.waiting
            from campaign c join enrolment e on e.campaign_id = c.id join lead l on l.id = e.lead_id
            left join outgoing_call o on e.waiting = 'call:' || o.call_key
            left join lateral (
              select t.closed_at from task t
               where e.waiting like 'task:%'
                 and t.task_key = any(array[substr(e.waiting, 6), 'account/' || l.account_id || '/' || e.campaign_id || '/' || e.step_id])
               order by t.created_at desc limit 1) t on true
           where c.state = 'live' and e.state = 'active' and e.error is null and (e.waiting like 'call:%' or e.waiting like 'task:%')
             and (o.settled_at is not null or t.closed_at is not null)
             and not exists (select from wake k where k.enrolment_id = e.id)`,
  },
  {
    check: 'call-failed',
    what: 'Calls to other systems that failed for good',
    mend: 'See tendril calls; tendril calls retry ID makes one again. Their campaigns have gone on',
    sql: `select id, lane, host, status, reason, settled_at as "settledAt" from outgoing_call where state = 'failed' order by settled_at desc`,
    listOnly: true,
  },
];
