import type { Rule } from './rule.ts';

/** What keeps our mail welcome. */
export const reputationRules: Rule[] = [
  {
    check: 'domain-paused',
    what: 'Our domains whose marketing waits; nothing is lost, confirmations leave',
    mend: 'Find out who was mailed without wanting it, then tendril deliverability resume DOMAIN',
    sql: 'select domain, paused_reason as reason, paused_at as "pausedAt" from sending_domain where paused_at is not null',
    listOnly: true,
  },
];
