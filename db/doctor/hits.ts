import type { Rule } from './rule.ts';

/** Clicks and opens: none waits for its judgement for long. */
export const hitRules: Rule[] = [
  {
    check: 'hit-undecided',
    what: 'A click or an open is judged soon after its minute',
    mend: 'Is a worker running, and the sweeper? Its log says why it could not',
    sql: `select id, kind, send_id as "sendId" from hit, w where judge_at_real < w.real - make_interval(secs => w.grace)`,
  },
];
