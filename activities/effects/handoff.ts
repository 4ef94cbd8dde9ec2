import { handOff, loopsOfHandOff } from '../../db/opportunities.ts';
import type { EffectFamily } from './family.ts';

/** Hands the batch's leads to sales. */
export const handoff: EffectFamily<'handoff'> = async (tx, carried) =>
  loopsOfHandOff(
    await handOff(
      tx,
      carried.map(({ effect, stepId, enrolment, plan }) => ({
        ...effect,
        leadId: enrolment.leadId,
        enrolmentId: enrolment.id,
        source: 'campaign' as const,
        because: { rule: 'handoff', campaign: plan.campaign.key, step: stepId },
      })),
    ),
  );
