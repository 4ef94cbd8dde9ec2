import { late, type Rule } from './rule.ts';

/** What opens by the clock opens. */
export const doorRules: Rule[] = [
  {
    check: 'appointment-forgotten',
    what: 'An entry by date or schedule of a live campaign lets people in when its moment has come',
    mend: 'Is a worker running, and Temporal reachable? The log names a campaign whose entries cannot be opened',
    sql: `select a.id, a.campaign_id as "campaignId", a.door, a.date from campaign c join appointment a on a.campaign_id = c.id, w
           where c.state = 'live' and a.state = 'armed' and ${late('coalesce(a.due_at, a.made_at)')}`,
  },
  {
    check: 'schedule-unarmed',
    what: 'A recurring schedule of a live campaign always has its next time',
    mend: 'Launch the campaign again; then find out what took the time away',
    sql: `select d.campaign_id as "campaignId", d.door
            from campaign c join campaign_door d on d.campaign_id = c.id join campaign_entry e on e.campaign_id = d.campaign_id and e.position = d.position
           where c.state = 'live' and d.subject = 'schedule' and not e.body -> 'schedule' ? 'at'
             and not exists (select from appointment a where a.campaign_id = d.campaign_id and a.door = d.door and a.state = 'armed')`,
  },
];
