import { comparable, type Rule, unseen } from './rule.ts';

const gone = `s.state in ('in_flight', 'accepted', 'unknown')`;

/** No mail to somebody who said no, or who had already done what it asks for. */
export const unwantedMailRules: Rule[] = [
  {
    check: 'mail-after-suppression',
    what: 'No mail leaves for an address after its unsubscribe, complaint or bounce',
    mend: 'Say sorry; then see what the last look before the socket did not see',
    sql: `select s.id, s.lane, p.kind, s.in_flight_at as "inFlightAt", p.at as "suppressedAt" from suppression p join send s on s.address = p.address, w
           where ${gone} and s.class <> 'internal' and (p.scope = 'all' or s.class in ('marketing', 'personal')) and s.in_flight_at > p.at + ${unseen}
             and ${comparable('uuid_extract_timestamp(p.id)')}`,
  },
  {
    check: 'mail-without-consent',
    what: 'No marketing mail leaves on a topic after its consent was taken back',
    mend: 'Say sorry; then see what the last look before the socket did not see',
    sql: `select s.id, s.topic, s.in_flight_at as "inFlightAt", c.at as "refusedAt" from consent c join send s on s.lead_id = c.lead_id and s.topic = c.topic, w
           where not c.granted and ${gone} and s.class = 'marketing' and s.in_flight_at > c.at + ${unseen}
             and ${comparable('uuid_extract_timestamp(c.id)')}
             and not exists (select from consent later where later.lead_id = c.lead_id and later.topic = c.topic and later.granted
                              and later.id > c.id and later.at <= s.in_flight_at)`,
  },
  {
    check: 'mail-after-end',
    what: 'No marketing mail or letter queued on the way leaves after its enrolment has reached the goal or an exit',
    mend: 'See what the last look before the socket did not see',
    sql: `select s.id, e.id as "enrolmentId", e.state, s.in_flight_at as "inFlightAt", e.ended_at as "endedAt" from enrolment e join send s on s.enrolment_id = e.id, w
           where (e.state = 'exited' or e.goal_at is not null) and ${gone} and s.class in ('marketing', 'personal')
             and s.queued_at < coalesce(e.goal_at, e.ended_at) and s.in_flight_at > coalesce(e.goal_at, e.ended_at) + ${unseen}
             and ${comparable(`'infinity'`)}`,
  },
  {
    check: 'mail-while-with-sales',
    what: 'No marketing mail leaves while a salesperson has the lead, unless the handoff said so',
    mend: 'See what the last look before the socket did not see',
    sql: `select s.id, o.id as "opportunityId", s.in_flight_at as "inFlightAt"
            from opportunity o join opportunity_lead ol on ol.opportunity_id = o.id join send s on s.lead_id = ol.lead_id, w
           where not o.nurture and ${gone} and s.class = 'marketing' and s.in_flight_at > ol.added_at + ${unseen}
             and s.in_flight_at < coalesce(o.closed_at, 'infinity') and ${comparable('uuid_extract_timestamp(o.id)')}`,
  },
  {
    check: 'mail-to-held-out',
    what: 'Nobody who is held out of a campaign for comparison is mailed by it',
    mend: 'The comparison is spoilt for this lead; see how its step had an effect',
    sql: `select s.id, e.id as "enrolmentId", s.step_id as "stepId" from enrolment e join send s on s.enrolment_id = e.id where e.holdout`,
  },
];
