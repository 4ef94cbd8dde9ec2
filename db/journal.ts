import type { JournalKind } from '../domain/words/decision.ts';
import type { Queryable } from './pool.ts';

export interface JournalRow {
  kind: JournalKind;
  leadId: string | null;
  campaignId?: string | null;
  enrolmentId?: string | null;
  seq?: number | null;
  stepId?: string | null;
  opportunityId?: string | null;
  because: object;
}

/** Appends what was decided and why; one statement whatever the number of rows. */
export async function writeJournal(tx: Queryable, rows: readonly JournalRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into journal (at, kind, lead_id, campaign_id, enrolment_id, seq, step_id, opportunity_id, because)
     select (select clock()), kind, lead_id, campaign_id, enrolment_id, seq, step_id, opportunity_id, because
       from rows from (unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::uuid[]), jsonb_array_elements($8))
         with ordinality as j (kind, lead_id, campaign_id, enrolment_id, seq, step_id, opportunity_id, because, n) order by n`,
    [
      rows.map((row) => row.kind),
      rows.map((row) => row.leadId),
      rows.map((row) => row.campaignId ?? null),
      rows.map((row) => row.enrolmentId ?? null),
      rows.map((row) => row.seq ?? null),
      rows.map((row) => row.stepId ?? null),
      rows.map((row) => row.opportunityId ?? null),
      JSON.stringify(rows.map((row) => row.because)),
    ],
  );
}
