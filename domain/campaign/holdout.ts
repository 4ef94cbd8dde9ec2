import { z } from 'zod';
import type { Campaign } from './document.ts';
import { lot } from './lot.ts';
import { NEXT, type Outcome } from './step.ts';

/** A share of the people: `10%`, `2.5%`. It stays a string, so it is its own JSON. */
export const share = z
  .string()
  .regex(/^\d{1,2}(\.\d{1,2})?%$/, 'is not a share such as 10%')
  .refine((written) => Number.parseFloat(written) > 0, 'is nobody: leave it out');

/** Whether this lead is held out of the campaign: always the same answer for the same lead, campaign and share. */
export function heldOut({ key, holdout }: Pick<Campaign, 'key' | 'holdout'>, leadId: string): boolean {
  return holdout !== undefined && lot('holdout', key, leadId) < Number.parseFloat(holdout) / 100;
}

/** What a step comes to for somebody who is held out: the same way, without its effects; where it would wait for one, on to the next step. */
export function withoutEffects(outcome: Outcome): Outcome {
  if (!outcome.effects?.length || 'exit' in outcome) return { ...outcome, effects: [] };
  const because = { rule: 'holdout', instead: outcome.because };
  return 'stay' in outcome ? { go: NEXT, because } : { go: outcome.go, ...(outcome.at ? { at: outcome.at } : {}), because };
}
