import { late, type Rule } from './rule.ts';

/** Segments that bring people into campaigns are looked after. */
export const segmentRules: Rule[] = [
  {
    check: 'segment-overdue',
    what: 'A segment that brings people into a campaign is looked through when it is time',
    mend: 'Is a worker running, and Temporal reachable? See /readyz',
    sql: `select k.segment_key as "segment", k.due_at as "dueAt" from kept_segment k, w where ${late('k.due_at')}`,
  },
  {
    check: 'segment-unkept',
    what: 'Every segment that brings people into a campaign has its members known',
    mend: 'Launch the campaign again: tendril campaign launch FILE',
    sql: `select e.campaign_id as "campaignId", e.segment_key as "segment" from segment_entry e
           where not exists (select from kept_segment k where k.segment_key = e.segment_key)`,
  },
  {
    check: 'segment-errors',
    what: 'Segments that could not be looked at; each is tried again by itself',
    mend: 'The reason stands in the column error: mend the segment, PUT /v1/segments/{key}',
    sql: `select segment_key as "segment", error from kept_segment where error is not null`,
    listOnly: true,
  },
];
