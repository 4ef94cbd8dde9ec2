import { late, type Rule } from './rule.ts';

/** What waits for somebody, or is passed to another firm, is not forgotten. */
export const poolRules: Rule[] = [
  {
    check: 'pool-held',
    what: 'Only what stands in a queue waits for somebody to be in',
    mend: 'Set held_since and held_until to null',
    sql: `select id, state from opportunity where held_since is not null and state <> 'queued'`,
  },
  {
    check: 'partner-return',
    what: 'What a partner has not accepted in time comes back',
    mend: 'Set next_look_at to clock(): its loop takes it from there. Is a worker running?',
    sql: `select o.id, o.state, o.return_at as "returnAt" from opportunity o, w
           where o.return_at is not null and o.state in ('queued', 'offered') and ${late('o.return_at')}`,
  },
];
