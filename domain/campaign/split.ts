import { z } from 'zod';
import { type Duration, duration } from '../calendar/duration.ts';
import { pValue, type Share } from '../statistics.ts';
import { lot } from './lot.ts';

/** What makes an arm of a split better than another. */
export const metric = z.union([z.enum(['clicked', 'replied', 'goal']), z.strictObject({ event: z.string().min(1) })]);
export type Metric = z.infer<typeof metric>;

/** What an experiment asks. The same question under the same step is the same experiment, whatever else changes in the campaign. */
export interface Experiment {
  arms: string[];
  metric: Metric;
  /** People in each arm, their time passed, before it is judged. */
  minimum: number;
  /** How sure the judgement must be, over all looks and pairs of arms together: 0.95. */
  confidence: number;
  /** How long what somebody does counts, from when they went their way. */
  within: Duration;
}

export const experiment: z.ZodType<Experiment> = z.object({
  arms: z.array(z.string()),
  metric,
  minimum: z.number(),
  confidence: z.number(),
  within: duration,
});

/** Names an experiment of a campaign. */
export const experimentKey = (stepId: string, { arms, metric: by, minimum, confidence, within }: Experiment): string =>
  JSON.stringify([stepId, arms, typeof by === 'string' ? by : by.event, typeof by, minimum, confidence, within]);

/** The arm that falls to somebody, always the same for the same names while the arms and weights are; over all, in proportion to the weights. */
export function chooseArm(arms: readonly { key: string; weight: number }[], ...names: readonly string[]): string {
  const inAll = arms.reduce((sum, { weight }) => sum + weight, 0);
  let left = lot('split', ...names) * inAll;
  return (arms.find(({ weight }) => (left -= weight) < 0) ?? arms.at(-1)!).key;
}

/** What was counted of an arm: only people whose time has passed, so that a slow arm is not taken for a bad one. */
export interface ArmShare extends Share {
  arm: string;
}

export interface Judgement {
  /** How many of its looks the experiment has spent. */
  looks: number;
  /** Judged at this look, or not enough people yet. */
  judged: boolean;
  winner: string | null;
}

/** How many people each arm needs for the next look, when so many are spent. */
export const neededAt = ({ minimum }: Pick<Experiment, 'minimum'>, looks: number): number => minimum * 2 ** looks;

/**
 * Whether an arm has won. It is judged when each arm has `minimum` people, then twice, four times as many and so on; each look may err with half
 * the probability of the one before, and the looks left out by a leap lend theirs, so that all looks together err no more often than the confidence allows
 * however often one peeks (the union bound). The best arm wins when the two-proportion test tells it from every other, Bonferroni's correction for the
 * number of pairs made.
 */
export function judge({ arms, minimum, confidence }: Experiment, looks: number, counts: readonly ArmShare[]): Judgement {
  const shares = arms.map((arm): ArmShare => counts.find((one) => one.arm === arm) ?? { arm, n: 0, successes: 0 });
  const fewest = Math.min(...shares.map((one) => one.n));
  if (fewest < neededAt({ minimum }, looks)) return { looks, judged: false, winner: null };
  const spent = Math.floor(Math.log2(fewest / minimum)) + 1;
  const alpha = (1 - confidence) * (2 ** -looks - 2 ** -spent);
  const pairs = (arms.length * (arms.length - 1)) / 2;
  const [best, ...others] = shares.toSorted((a, b) => b.successes / b.n - a.successes / a.n);
  const won = others.every((other) => other.successes / other.n < best!.successes / best!.n && pValue(best!, other) < alpha / pairs);
  return { looks: spent, judged: true, winner: won ? best!.arm : null };
}
