/**
 * SQL: a rep writes to this lead in a run of a sequence that is to be alone with them, so marketing waits. While the workspace has no sequence
 * nobody's runs are looked for.
 */
export const writtenTo = (leadId: string): string =>
  `((select exists (select from campaign where kind = 'sequence'))
    and exists (select from enrolment run where run.lead_id = ${leadId} and run.rep_id is not null and run.state = 'active' and not run.with_campaigns))`;
