import { late, type Rule } from './rule.ts';

/** Nobody is stranded on their way through a campaign. */
export const enrolmentRules: Rule[] = [
  {
    check: 'enrolment-stranded',
    what: 'Every active enrolment has an instant at which it goes on by itself',
    mend: 'Set due_at to clock(): its loop decides where it goes',
    sql: `select id, campaign_id as "campaignId", step_id as "stepId" from enrolment where state = 'active' and due_at is null`,
  },
  {
    check: 'enrolment-overdue',
    what: 'No active enrolment of a live campaign is overdue for longer than the sweeper needs',
    mend: 'Is a worker running, and Temporal reachable? See /readyz; the sweeper restarts a loop that does not move',
    sql: `select e.id, e.campaign_id as "campaignId", e.step_id as "stepId", e.due_at as "dueAt"
            from campaign c join enrolment e on e.campaign_id = c.id, w
           where c.state = 'live' and e.state = 'active' and ${late('e.due_at')}`,
  },
  {
    check: 'enrolment-twice',
    what: 'Nobody is active twice in one campaign under one key',
    mend: 'End the later one; then find out how the unique index enrolment_active was lost',
    sql: `select campaign_id as "campaignId", lead_id as "leadId", key, count(*) from enrolment where state = 'active'
           group by campaign_id, lead_id, key having count(*) > 1`,
  },
  {
    check: 'enrolment-unwoken',
    what: 'An enrolment that waits for a mail, or for sales, is woken when that is settled, and what it waits for exists',
    mend: 'Insert a wake for it; its loop looks again at once',
    sql: `select e.id, e.campaign_id as "campaignId", e.step_id as "stepId", e.waiting
            from campaign c join enrolment e on e.campaign_id = c.id
            left join send s on e.waiting = 'send:' || s.send_key
            left join lateral (
              select o.id, o.closed_at from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id
               where e.waiting = 'opportunity' and ol.lead_id = e.lead_id order by o.created_at desc, o.id desc limit 1) o on true
           where c.state = 'live' and e.state = 'active' and e.error is null and (e.waiting like 'send:%' or e.waiting = 'opportunity')
             and (s.settled_at is not null or o.closed_at is not null or (s.id is null and o.id is null))
             and not exists (select from wake k where k.enrolment_id = e.id)
             and not exists (select from step_pause p where p.campaign_id = e.campaign_id and p.step_id = e.step_id)`,
  },
  {
    check: 'wake-forgotten',
    what: 'Every wake of a live campaign is read soon',
    mend: 'Is a worker running, and Temporal reachable? See /readyz',
    sql: `select k.id, k.campaign_id as "campaignId", k.enrolment_id as "enrolmentId" from wake k join campaign c on c.id = k.campaign_id and c.state = 'live', w
           where k.at_real < w.real - make_interval(secs => w.grace)`,
  },
  {
    check: 'stop-forgotten',
    what: 'Whom another campaign has stopped leaves soon',
    mend: 'Insert a wake for it; its loop ends it. See also enrolment-errors',
    sql: `select k.enrolment_id as "enrolmentId", e.campaign_id as "campaignId"
            from enrolment_stop k join enrolment e on e.id = k.enrolment_id and e.state = 'active'
            join campaign c on c.id = e.campaign_id and c.state = 'live', w
           where ${late('k.at')} and not exists (select from wake a where a.enrolment_id = e.id)`,
  },
  {
    check: 'candidate-forgotten',
    what: 'Whoever may enter a live campaign is looked at soon',
    mend: 'Is a worker running? Candidates that need a score wait for the scoring loop: see score-forgotten',
    sql: `select k.id, k.campaign_id as "campaignId", k.lead_id as "leadId", k.needs_score as "needsScore"
            from candidate k join campaign c on c.id = k.campaign_id and c.state = 'live', w where ${late('coalesce(k.due_at, k.at)')}`,
  },
  {
    check: 'score-forgotten',
    what: 'Every lead whose facts changed is scored again soon',
    mend: 'Is a worker running, and Temporal reachable? See /readyz',
    sql: `select k.id, k.lead_id as "leadId" from score_wake k, w where ${late('k.at')} and exists (select from document where kind = 'scoring')`,
  },
  {
    check: 'score-overdue',
    what: 'A score that decays past a threshold is looked at when it does',
    mend: 'Is a worker running, and Temporal reachable? See /readyz',
    sql: `select s.lead_id as "leadId", s.due_at as "dueAt" from lead_score s, w where ${late('s.due_at')}`,
  },
  {
    check: 'campaign-version',
    what: 'Every live campaign has a version in force',
    mend: 'Launch it again: tendril campaign launch FILE',
    sql: `select id, key from campaign where state in ('live', 'paused') and live_version_id is null`,
  },
  {
    check: 'enrolment-errors',
    what: 'Enrolments whose last look failed; each is tried again by itself',
    mend: 'The reason stands in the column error, and in `tendril lead show`',
    sql: `select id, campaign_id as "campaignId", step_id as "stepId", failures, error from enrolment where state = 'active' and error is not null`,
    listOnly: true,
  },
];
