import { queueCalls } from '../../db/calls.ts';
import type { EffectFamily } from './family.ts';

/** Puts the batch's requests to other systems into the outbox. */
export const call: EffectFamily<'call'> = async (tx, carried, { range }) => {
  const lanes = await queueCalls(
    tx,
    carried.map(({ effect: { kind: _, body, ...asked }, stepId, enrolment }) => ({
      ...asked,
      body: JSON.stringify(body),
      stepId,
      leadId: enrolment.leadId,
      campaignId: range.campaignId,
      enrolmentId: enrolment.id,
      test: enrolment.test,
    })),
  );
  return lanes.map((lane) => ({ kind: 'calls', lane }));
};
