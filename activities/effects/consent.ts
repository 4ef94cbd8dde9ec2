import { askToConfirm } from '../../db/confirmations.ts';
import { consentGround, noteConsents } from '../../db/consents.ts';
import type { Carried, EffectFamily } from './family.ts';
import { wakeChanged } from './update.ts';

/** Notes the batch's words on consent topics, with campaign and step as their proof, and asks those who are to confirm. */
export const consent: EffectFamily<'consent'> = async (tx, carried) => {
  const ground = await consentGround(tx);
  const noted = await noteConsents(
    tx,
    'campaign',
    carried.flatMap((one) => (one.effect.granted === null ? [] : [{ ...wordOf(one), granted: one.effect.granted }])),
    ground,
  );
  const asked = carried.filter(({ effect }) => effect.granted === null).map(wordOf);
  const once = new Map(asked.map((word) => [`${word.leadId} ${word.topic}`, word]));
  return [...(await wakeChanged(tx, noted)), ...(await askToConfirm(tx, 'campaign', [...once.values()], ground))];
};

function wordOf({ effect: { topic }, stepId, enrolment, plan }: Carried<'consent'>) {
  const proof = { campaign: plan.campaign.key, step: stepId, enrolment: enrolment.id };
  return { leadId: enrolment.leadId, topic, proof };
}
