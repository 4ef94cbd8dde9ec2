import { comparable, late, type Rule, unseen } from './rule.ts';

/** What must hold of runs of sequences, their drafts and letters, besides what holds of every enrolment. */
export const sequenceRules: Rule[] = [
  {
    check: 'run-without-rep',
    what: 'Every run of a sequence is written by somebody, and nobody writes in a campaign',
    mend: 'Give the run to a rep; then find out how it began without one',
    sql: `select e.id, c.key, c.kind from campaign c join enrolment e on e.campaign_id = c.id
           where c.kind = 'sequence' and e.state = 'active' and e.rep_id is null
          union all
          select e.id, c.key, c.kind from enrolment e join campaign c on c.id = e.campaign_id
           where e.rep_id is not null and e.state = 'active' and c.kind <> 'sequence'`,
  },
  {
    check: 'run-twice',
    what: 'Nobody is written to by two sequences at once',
    mend: 'Stop the later run: POST /v1/sequence-runs/{id}/stop',
    sql: `select lead_id as "leadId", count(*) from enrolment where rep_id is not null and state = 'active' group by lead_id having count(*) > 1`,
  },
  {
    check: 'draft-moot',
    what: 'Whoever waits for a draft has one, and every open draft has a run that waits for it',
    mend: 'Insert a wake for the run: it goes on without a draft that is not there; cancel a draft that nobody waits for',
    sql: `select e.id, null::uuid as "draftId" from enrolment e
           where e.rep_id is not null and e.state = 'active' and e.waiting like 'draft:%'
             and not exists (select from draft d where 'draft:' || d.send_key = e.waiting and d.state = 'open')
             and not exists (select from wake k where k.enrolment_id = e.id)
          union all
          select e.id, d.id from draft d join enrolment e on e.id = d.enrolment_id
           where d.state = 'open' and (e.state <> 'active' or e.waiting is distinct from 'draft:' || d.send_key)`,
  },
  {
    check: 'draft-forgotten',
    what: 'Whoever does not look through a draft in time is reminded',
    mend: 'Is a worker running? Drafts are a chore of the sweeper: see its log',
    sql: `select d.id, d.rep_id as "repId", d.next_look_at as "nextLookAt" from draft d, w where d.state = 'open' and ${late('d.next_look_at')}`,
  },
  {
    check: 'marketing-during-run',
    what: 'No marketing mail leaves while a rep writes to somebody alone',
    mend: 'See what the last look before the socket did not see',
    sql: `select s.id, r.id as "runId", s.in_flight_at as "inFlightAt" from enrolment r join send s on s.lead_id = r.lead_id, w
           where r.rep_id is not null and r.state = 'active' and not r.with_campaigns and s.class = 'marketing'
             and s.state in ('in_flight', 'accepted', 'unknown') and s.in_flight_at > r.entered_at + ${unseen} and ${comparable(`'infinity'`)}`,
  },
];
