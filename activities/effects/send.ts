import { deliveryOf } from '../../domain/loops.ts';
import { queueSends } from '../../db/sends.ts';
import type { EffectFamily } from './family.ts';

/** Queues the batch's mails. */
export const send: EffectFamily<'send'> = async (tx, carried, { range }) => {
  const lanes = await queueSends(
    tx,
    carried.map(({ effect, stepId, enrolment, plan }) => {
      const { topic = null, priority } = plan.campaign;
      const { sendKey, template, class: mailClass, sender, params, dueAt, notAfter } = effect;
      const { id: enrolmentId, leadId, test } = enrolment;
      const of = { topic, priority, leadId, campaignId: range.campaignId, enrolmentId, stepId, test };
      return Object.assign(of, { sendKey, template, class: mailClass, sender, params, dueAt, notAfter });
    }),
  );
  return deliveryOf(lanes);
};
