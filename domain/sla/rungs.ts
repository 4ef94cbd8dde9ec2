import { z } from 'zod';
import { type Duration, duration, lengthMs, parseDuration } from '../calendar/duration.ts';

/**
 * What a rung of the ladder does. `nudge` reminds the rep; `backup` asks a second rep too, whoever accepts first has it; `reassign`
 * takes the lead from the rep and offers it to the next; `manager` tells the managers; `alert` writes to the chat channel alone; `breach`
 * records that the promise was broken, and tells the managers. `manager` and `breach` write to the chat channel too, where there is one.
 */
export const offeredActions = ['nudge', 'backup', 'reassign', 'manager', 'alert', 'breach'] as const;
const acceptedActions = ['nudge', 'manager', 'alert', 'breach'] as const;
const reviewActions = ['nudge', 'manager', 'alert', 'breach'] as const;
export type Action = (typeof offeredActions)[number];
export type ReviewAction = (typeof reviewActions)[number];

/** `business`: in working hours. `wall`: as the customer counts, nights and weekends too. */
export type Clock = 'business' | 'wall';

export interface Rung<A extends Action = Action> {
  after: Duration;
  clock: Clock;
  do: A;
}

function ladderOf<const A extends readonly [Action, ...Action[]]>(actions: A) {
  const rung = z
    .strictObject({ after: duration, clock: z.enum(['business', 'wall']).default('business'), do: z.enum(actions) })
    .refine(({ after, clock }) => clock === 'business' || parseDuration(after).unit !== 'bd', {
      error: 'business days are no length by the wall clock: write hours, d or w',
      path: ['after'],
    });
  return z.array(rung).min(1).refine(rising, { error: 'each rung must come after the one before it that counts by the same clock' });
}

const rising = (rungs: readonly { after: Duration; clock: Clock }[]): boolean =>
  (['business', 'wall'] as const).every((clock) =>
    rungs.filter((rung) => rung.clock === clock).every((rung, n, same) => n === 0 || lengthMs(rung.after) > lengthMs(same[n - 1]!.after)),
  );

/** An unanswered offer is measured in open time; a `1bd` there would not say how many hours the rep has. */
const openTime = (rungs: readonly { after: Duration; clock: Clock }[]): boolean =>
  rungs.every(({ after, clock }) => clock === 'wall' || ['s', 'm', 'h'].includes(parseDuration(after).unit));

export const offeredLadder = ladderOf(offeredActions).refine(openTime, {
  error: 'lengths here are working time: s, m or h; or clock: wall',
});
export const acceptedLadder = ladderOf(acceptedActions);
export const reviewLadder = ladderOf(reviewActions);
