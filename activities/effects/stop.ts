import { stopCampaigns } from '../../db/starts.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { meant } from './colleagues.ts';
import type { EffectFamily } from './family.ts';

/** Has the batch's leads, or their colleagues, taken out of other campaigns. */
export const stop: EffectFamily<'stop'> = async (tx, carried, context) => {
  const whom = await meant(tx, 'stop', carried, context);
  const woken = await stopCampaigns(
    tx,
    whom.map(({ one: { effect, stepId, enrolment, plan }, leadId }) => ({
      campaignKey: effect.campaign,
      leadId,
      because: { by: plan.campaign.key, step: stepId, enrolment: enrolment.id },
    })),
  );
  return wokenLoops(tx, woken);
};
