import { hasSomething } from '../offboarding/left.ts';
import type { Rule } from './rule.ts';

/** Who leaves leaves nothing behind. */
export const leavingRules: Rule[] = [
  {
    check: 'rep-left',
    what: 'Whoever has left has nothing: no account, open opportunity, run of a sequence or letter that has not left',
    mend: 'Is a worker running? The sweeper hands over what came late; see tendril rep offboard KEY --status',
    sql: `select r.id, r.key from rep r
           where not r.active and r.left_at is not null and ${hasSomething}
             and not exists (select from offboarding b where b.rep_id = r.id and b.state = 'running')`,
  },
  {
    check: 'offboarding-overdue',
    what: 'Handing over what somebody has who leaves comes to an end',
    mend: 'Its error says why it does not: tendril rep offboard KEY --status',
    sql: `select o.id, r.key, o.error from offboarding o join rep r on r.id = o.rep_id, w
           where o.state = 'running' and o.started_real < w.real - make_interval(secs => w.grace)`,
  },
  {
    check: 'rep-inactive',
    what: 'Reps who are not active and have something still',
    mend: 'If they have left: tendril rep offboard KEY',
    sql: `select r.id, r.key from rep r where not r.active and r.left_at is null and ${hasSomething}`,
    listOnly: true,
  },
];
