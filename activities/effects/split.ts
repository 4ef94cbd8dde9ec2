import { noteMembers } from '../../db/splits.ts';
import type { EffectFamily } from './family.ts';

/** Notes which way the batch's people went. */
export const split: EffectFamily<'split'> = async (tx, carried, { range }) => {
  await noteMembers(
    tx,
    range.campaignId,
    carried.map(({ effect: { arm, experiment }, stepId, enrolment }) => ({ enrolmentId: enrolment.id, stepId, arm, experiment })),
  );
  return [];
};
