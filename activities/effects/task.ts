import { openAndTell } from '../tasks.ts';
import type { EffectFamily } from './family.ts';

/** Opens the batch's tasks and tells their owners. */
export const task: EffectFamily<'task'> = (tx, carried, { range, mail }) =>
  openAndTell(
    tx,
    mail,
    carried.map(({ effect: { kind: _, taskKind: kind, ...asked }, stepId, enrolment }) => ({
      ...asked,
      kind,
      source: enrolment.repId ? ('sequence' as const) : ('campaign' as const),
      stepId,
      leadId: enrolment.leadId,
      campaignId: range.campaignId,
      enrolmentId: enrolment.id,
      test: enrolment.test,
    })),
  );
