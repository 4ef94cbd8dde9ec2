import { noteConsents } from '../../db/consents.ts';
import type { EffectFamily } from './family.ts';
import { wakeChanged } from './update.ts';

/** Notes the batch's words on consent topics, with campaign and step as their proof. */
export const consent: EffectFamily<'consent'> = async (tx, carried) =>
  wakeChanged(
    tx,
    await noteConsents(
      tx,
      'campaign',
      carried.map(({ effect: { topic, granted }, stepId, enrolment, plan }) => ({
        leadId: enrolment.leadId,
        topic,
        granted,
        proof: { campaign: plan.campaign.key, step: stepId, enrolment: enrolment.id },
      })),
    ),
  );
