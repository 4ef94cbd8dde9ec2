import { openAndTell } from '../tasks.ts';
import type { EffectFamily } from './family.ts';
import { whoIsMeant } from './of-run.ts';

/** Opens the batch's tasks and tells their owners. */
export const task: EffectFamily<'task'> = async (tx, carried, { range, mail }) => {
  const meant = await whoIsMeant(
    tx,
    carried.map(({ effect: { to }, enrolment }) => ({ to, enrolment })),
  );
  return openAndTell(
    tx,
    mail,
    carried.map(({ effect: { kind: _, taskKind: kind, ...asked }, stepId, enrolment }, i) => ({
      ...asked,
      to: meant[i]!,
      kind,
      source: enrolment.repId ? ('sequence' as const) : ('campaign' as const),
      stepId,
      leadId: enrolment.leadId,
      campaignId: range.campaignId,
      enrolmentId: enrolment.id,
      test: enrolment.test,
    })),
  );
};
