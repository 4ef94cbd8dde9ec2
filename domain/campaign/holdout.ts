import { z } from 'zod';
import { interval, type Share } from '../statistics.ts';
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

/** Goals of one group: how many of how many, and between which rates the true one lies. */
export interface GroupFigures {
  entered: number;
  goals: number;
  rate: number | null;
  low: number;
  high: number;
}

export interface HoldoutFigures {
  treated: GroupFigures;
  heldOut: GroupFigures;
  /** Treated less held out, and its interval. */
  difference: { rate: number; low: number; high: number } | null;
  verdict: 'better' | 'worse' | 'no difference to be seen' | 'too few to read';
}

/** Fewer than so many in a group say nothing yet. */
export const READABLE = 100;

/**
 * What the campaign did: the goal rate of those it treated against those held out. Each rate has Wilson's interval; the difference that of
 * R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods", Statistics in
 * Medicine 17 (1998), method 10, made from the two.
 */
export function holdoutFigures(treated: Share, heldOut: Share, confidence = 0.95): HoldoutFigures {
  const [a, b] = [groupFigures(treated, confidence), groupFigures(heldOut, confidence)];
  if (a.rate === null || b.rate === null) return { treated: a, heldOut: b, difference: null, verdict: 'too few to read' };
  const rate = a.rate - b.rate;
  const low = rate - Math.hypot(a.rate - a.low, b.high - b.rate);
  const high = rate + Math.hypot(a.high - a.rate, b.rate - b.low);
  const told = low > 0 ? 'better' : high < 0 ? 'worse' : 'no difference to be seen';
  return {
    treated: a,
    heldOut: b,
    difference: { rate, low, high },
    verdict: Math.min(a.entered, b.entered) < READABLE ? 'too few to read' : told,
  };
}

function groupFigures(of: Share, confidence: number): GroupFigures {
  return { entered: of.n, goals: of.successes, rate: of.n === 0 ? null : of.successes / of.n, ...interval(of, confidence) };
}
