import { startCampaigns } from '../../db/starts.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { meant } from './colleagues.ts';
import type { EffectFamily } from './family.ts';

/** Puts the batch's leads, or their colleagues, at the doors of other campaigns. */
export const start: EffectFamily<'start'> = async (tx, carried, context) => {
  const whom = await meant(tx, 'start', carried, context);
  const candidates = await startCampaigns(
    tx,
    whom.map(({ one: { effect, stepId, enrolment, plan }, leadId }) => ({
      campaignKey: effect.campaign,
      leadId,
      properties: {
        ...effect.properties,
        started: { by: plan.campaign.key, step: stepId, enrolment: enrolment.id, chain: effect.chain },
      },
    })),
  );
  return wokenLoops(tx, candidates);
};
