import { comparable, type Rule, unseen } from './rule.ts';

/** What people answered is heeded, and mail that comes back is read. */
export const mailBackRules: Rule[] = [
  {
    check: 'answer-kept-held',
    what: 'A campaign that waits for what came of an answer goes on when that task is closed',
    mend: 'POST /v1/leads/{id}/resume lets everything go that this person’s answers hold',
    sql: `select p.lead_id as "leadId", p.campaign_id as "campaignId", p.task_id as "taskId" from reply_pause p join task t on t.id = p.task_id where t.state <> 'open'`,
  },
  {
    check: 'mail-after-answer',
    what: 'No marketing mail of a campaign leaves for somebody while it waits for what came of their answer',
    mend: 'See what the last look before the socket did not see',
    sql: `select s.id, s.campaign_id as "campaignId", s.in_flight_at as "inFlightAt" from reply_pause p join send s on s.lead_id = p.lead_id and s.campaign_id = p.campaign_id, w
           where s.state in ('in_flight', 'accepted', 'unknown') and s.class = 'marketing' and s.in_flight_at > p.paused_at + ${unseen}
             and ${comparable('uuid_extract_timestamp(p.task_id)')}`,
  },
  {
    check: 'mailbox-unread',
    what: 'The mailboxes that answers and bounces come to, and those of the reps, are read',
    mend: 'Look at its error, and at IMAP_URL or PUT /v1/reps/{key}/mailbox; a mailbox that is read no more may be deleted from the table',
    sql: `select m.key, m.error, m.failures, m.read_real as "readAt" from mailbox m, w where (m.failures >= 3 or m.next_look_real < w.real - make_interval(secs => w.grace))
           and not exists (select from rep_mailbox b join rep r on r.id = b.rep_id where b.mailbox_key = m.key and not (b.active and r.active))`,
  },
  {
    check: 'answer-passed-on',
    what: 'Every answer has become a mail to whoever has the lead, and what a rep answered one to the person, unless it says why not',
    mend: 'GET /v1/inbound/{id} shows what they wrote',
    sql: `select m.id, m.lead_id as "leadId", m.received_at as "receivedAt" from inbound_mail m, w
           where m.received_real > w.real - interval '7 days' and m.kind in ('reply', 'leave') and m.state = 'done' and m.reason is null
             and (m.detail ? 'task' and not exists (select from send s where s.send_key = 'reply/' || m.id)
               or m.detail ? 'passedOn' and not exists (select from send s where s.send_key = 'relay/' || m.id))`,
  },
  {
    check: 'meeting-without-host',
    what: 'Meetings to come with somebody who has left',
    mend: 'Move or call them off in the scheduling tool, or tell those who booked',
    sql: `select m.uri, m.lead_id as "leadId", r.key as rep, m.starts_at as "startsAt" from meeting m join rep r on r.id = m.rep_id, w
           where m.state = 'booked' and m.starts_at > w.now and not r.active`,
    listOnly: true,
  },
  {
    check: 'inbound-review',
    what: 'Mail that came in and is about no mail of ours',
    mend: 'GET /v1/inbound?state=review, and POST /v1/inbound/{id}/review when you have seen to it',
    sql: `select id, kind, reason, received_at as "receivedAt" from inbound_mail where state = 'review'`,
    listOnly: true,
  },
];
