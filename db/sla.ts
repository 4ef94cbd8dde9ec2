import { calendarDocument, calendarOf } from '../domain/calendar/calendar.ts';
import { type Grade, policyOf, slaDocument, type Policy, type SlaDocument } from '../domain/sla/document.ts';
import { workTime, type WorkTime } from '../domain/sla/ladder.ts';
import { currentDocument } from './documents.ts';
import type { Queryable } from './pool.ts';
import type { Rep } from './reps.ts';

/** The promises in force: the SLA document and the workspace's calendar. */
export interface Sla {
  document: SlaDocument;
  /** The promise in a pool; `grades` of the opportunity, the most special first. */
  policy(poolKey: string, grades?: readonly Grade[]): Policy;
  work(rep: Pick<Rep, 'hours' | 'timezone'>): WorkTime;
  /** The workspace's own hours, where nobody's count. */
  office: WorkTime;
}

/** Reads the `sla` and `calendar` documents; a workspace without them has the usual ones (domain/sla/document.ts). */
export async function loadSla(tx: Queryable): Promise<Sla> {
  const sla = await currentDocument(tx, 'sla');
  const stored = await currentDocument(tx, 'calendar');
  const document = slaDocument.parse(sla?.body ?? {});
  const { rows } = await tx.query<{ country: string; timezone: string }>('select country, timezone from workspace');
  const calendar = calendarOf(calendarDocument.parse(stored?.body ?? {}), rows[0]!.country);
  return {
    document,
    policy: (poolKey, grades) => policyOf(document, poolKey, grades),
    work: (rep) => workTime(document, rep, calendar),
    office: workTime(document, { hours: null, timezone: rows[0]!.timezone }, calendar),
  };
}
