import type { Queryable } from './pool.ts';
import { askedRules } from './doctor/asked.ts';
import { consentRules } from './doctor/consents.ts';
import { doorRules } from './doctor/doors.ts';
import { enrolmentRules } from './doctor/enrolments.ts';
import { hitRules } from './doctor/hits.ts';
import { intakeRules } from './doctor/intake.ts';
import { leavingRules } from './doctor/leaving.ts';
import { ledgerRules } from './doctor/ledger.ts';
import { mailBackRules } from './doctor/mail-back.ts';
import { opportunityRules } from './doctor/opportunities.ts';
import { promiseRules } from './doctor/promises.ts';
import { poolRules } from './doctor/pools.ts';
import { reputationRules } from './doctor/reputation.ts';
import { routingRules } from './doctor/routing.ts';
import type { Rule } from './doctor/rule.ts';
import { segmentRules } from './doctor/segments.ts';
import { sequenceRules } from './doctor/sequences.ts';
import { unwantedMailRules } from './doctor/unwanted-mail.ts';
import { webhookRules } from './doctor/webhooks.ts';

export interface Finding {
  check: string;
  what: string;
  mend: string;
  /** How many rows break the rule; counting ends at `countedTo`. */
  violations: number;
  /** How many rows are worth knowing of without breaking anything. */
  listed: number;
  /** The first few: ids and states, no personal data. */
  sample: Record<string, unknown>[];
}

/** Where counting ends: whoever has that many has seen enough. */
export const countedTo = 1_000;
const SAMPLE = 5;

const rules: readonly Rule[] = [
  ...opportunityRules,
  ...routingRules,
  ...poolRules,
  ...promiseRules,
  ...leavingRules,
  ...enrolmentRules,
  ...doorRules,
  ...askedRules,
  ...ledgerRules,
  ...unwantedMailRules,
  ...consentRules,
  ...mailBackRules,
  ...reputationRules,
  ...hitRules,
  ...intakeRules,
  ...segmentRules,
  ...webhookRules,
  ...sequenceRules,
];

/**
 * Proves from the data that what must never happen has not: every rule a query of its own, so that none holds a snapshot for
 * long. `graceSeconds` (real) is how late a healthy instance may be with anything.
 */
export async function doctor(tx: Queryable, { graceSeconds = 600 } = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) findings.push(await examine(tx, rule, graceSeconds));
  return findings;
}

async function examine(tx: Queryable, { check, what, mend, sql, listOnly }: Rule, graceSeconds: number): Promise<Finding> {
  const { rows } = await tx.query<{ count: number; sample: Record<string, unknown>[] }>(
    `with w as materialized (
       select clock() as now, now() as real, clock_rate as rate, clock_anchor_real as anchor, sending_stopped_at as stopped, $1::double precision as grace
         from workspace),
     found as materialized (select * from (${sql}) offending limit ${countedTo})
     select (select count(*)::integer from found) as count, array(select to_jsonb(found) from found limit ${SAMPLE}) as sample`,
    [graceSeconds],
  );
  const { count, sample } = rows[0]!;
  return { check, what, mend, violations: listOnly ? 0 : count, listed: listOnly ? count : 0, sample };
}
