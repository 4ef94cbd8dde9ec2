import { late, type Rule } from './rule.ts';

/** The send ledger: each step mailed once, each row on its way to an end. */
export const ledgerRules: Rule[] = [
  {
    check: 'mailed-twice',
    what: 'No step of an enrolment is accepted twice for the same occurrence',
    mend: 'Find out how the unique key of the ledger was lost',
    sql: `select enrolment_id as "enrolmentId", step_id as "stepId", regexp_replace(send_key, '^.*/', '') as occurrence, count(*) from send
           where enrolment_id is not null and step_id is not null and state = 'accepted' group by 1, 2, 3 having count(*) > 1`,
  },
  {
    check: 'captured-twice',
    what: 'No mail of the ledger arrived twice in the Outbox',
    mend: 'Compare the two mails in the Outbox with the ledger row of that key',
    sql: `select send_key as "sendKey", count(*) from captured_mail where send_key is not null group by 1 having count(*) > 1`,
  },
  {
    check: 'departure-expired',
    what: 'A mail in flight without an answer becomes unknown',
    mend: 'Is a worker running? The delivery loop of the lane does it at its next look',
    sql: `select s.id, s.lane, s.in_flight_at as "inFlightAt" from send s join lane l on l.key = s.lane left join departure d using (token), w
           where s.settled_at is null and s.state = 'in_flight' and coalesce(d.until_real < w.real - make_interval(secs => w.grace), true)
             and w.stopped is null and l.stopped_reason is null`,
  },
  {
    check: 'send-overdue',
    what: 'A mail that may go, goes soon',
    mend: 'Is a worker running? Is the lane stopped or slow? See the table lane',
    sql: `select s.id, s.lane, s.due_at as "dueAt" from send s join lane l on l.key = s.lane left join campaign c on c.id = s.campaign_id, w
           where s.state = 'queued' and ${late('s.due_at')} and w.stopped is null
             and l.stopped_reason is null and l.held_until_real is null and l.rate is null and coalesce(c.state, 'live') = 'live'`,
  },
  {
    check: 'send-unsettled',
    what: 'A mail that has ended says when, and an unknown one since when',
    mend: 'Find out which writer left settled_at or unknown_at empty',
    sql: `select id, state from send
           where (state in ('accepted', 'failed', 'suppressed', 'cancelled') and settled_at is null)
              or (state = 'accepted' and in_flight_at is null) or (state = 'unknown' and unknown_at is null)`,
  },
  {
    check: 'send-unknown',
    what: 'Mails of which nobody knows whether they arrived; they are never sent again blindly',
    mend: `Ask the provider, or wait: a late answer settles them, and after a day their enrolments go on`,
    sql: `select id, send_key as "sendKey", lane, unknown_at as "unknownAt" from send where state = 'unknown' order by unknown_at`,
    listOnly: true,
  },
  {
    check: 'mail-dropped',
    what: 'Mails of the last week that the provider took and did not try to deliver: mostly, the address is on a list of its own',
    mend: "Take the address off the provider's list, or put it on ours: POST /v1/suppressions",
    sql: `select d.send_id as id, d.source, d.reason from delivery_event d, w where d.kind = 'dropped' and d.seen_real > w.real - interval '7 days' order by d.seen_real desc`,
    listOnly: true,
  },
  {
    check: 'lane-stopped',
    what: 'Lanes that stand still; nothing is lost, nothing leaves',
    mend: 'Mend the reason, then POST /v1/lanes/{key}/resume',
    sql: 'select key, stopped_reason as reason from lane where stopped_reason is not null',
    listOnly: true,
  },
];
