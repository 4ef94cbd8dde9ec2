import { calendarDocument, calendarOf } from '../domain/calendar/calendar.ts';
import { policyOf, slaDocument, type Policy, type SlaDocument } from '../domain/sla/document.ts';
import { workTime, type WorkTime } from '../domain/sla/ladder.ts';
import { currentDocument } from './documents.ts';
import type { Queryable } from './pool.ts';
import type { Rep } from './reps.ts';

/** The promises in force: the SLA document and the workspace's calendar. */
export interface Sla {
  document: SlaDocument;
  policy(poolKey: string): Policy;
  work(rep: Pick<Rep, 'hours' | 'timezone'>): WorkTime;
}

/** Reads the `sla` and `calendar` documents; a workspace without them has the usual ones (domain/sla/document.ts). */
export async function loadSla(tx: Queryable): Promise<Sla> {
  const sla = await currentDocument(tx, 'sla');
  const stored = await currentDocument(tx, 'calendar');
  const document = slaDocument.parse(sla?.body ?? {});
  const { rows } = await tx.query<{ country: string }>('select country from workspace');
  const calendar = calendarOf(calendarDocument.parse(stored?.body ?? {}), rows[0]!.country);
  return {
    document,
    policy: (poolKey) => policyOf(document, poolKey),
    work: (rep) => workTime(document, rep, calendar),
  };
}
