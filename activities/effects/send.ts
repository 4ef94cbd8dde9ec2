import { queueSends } from '../../db/sends.ts';
import type { EffectFamily } from './family.ts';

/** Queues the batch's mails. */
export const send: EffectFamily<'send'> = async (tx, carried, { range }) => {
  const lanes = await queueSends(
    tx,
    carried.map(({ effect: { kind: _, ...mail }, stepId, enrolment, plan }) => {
      const { topic = null, priority } = plan.campaign;
      const { id: enrolmentId, leadId, test } = enrolment;
      return { ...mail, topic, priority, leadId, campaignId: range.campaignId, enrolmentId, stepId, test };
    }),
  );
  return lanes.map((lane) => ({ kind: 'delivery', lane }));
};
