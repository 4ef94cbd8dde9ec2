import { z } from 'zod';
import { duration, lengthMs, parseDuration } from '../calendar/duration.ts';
import { hours } from '../calendar/hours.ts';

/**
 * What a rung of the ladder does. `nudge` reminds the rep; `backup` asks a second rep too, whoever accepts first has it; `reassign`
 * takes the lead from the rep and offers it to the next; `manager` tells the managers; `breach` records that the promise was broken.
 */
export const offeredActions = ['nudge', 'backup', 'reassign', 'manager', 'breach'] as const;
const acceptedActions = ['nudge', 'manager', 'breach'] as const;
export type Action = (typeof offeredActions)[number];

const rungOf = <const A extends readonly [Action, ...Action[]]>(actions: A) => z.strictObject({ after: duration, do: z.enum(actions) });

const rising = (rungs: readonly { after: z.infer<typeof duration> }[]) =>
  rungs.every((rung, n) => n === 0 || lengthMs(rung.after) > lengthMs(rungs[n - 1]!.after));
const mustRise = { error: 'each rung must come after the one before it' };

/** An unanswered offer is measured in open time; a `1bd` there would not say how many hours the rep has. */
const openTime = (rungs: readonly { after: z.infer<typeof duration> }[]) =>
  rungs.every((rung) => ['s', 'm', 'h'].includes(parseDuration(rung.after).unit));

/** The promise of one pool. */
const policy = z.strictObject({
  /** From the offer until somebody accepts. */
  offered: z
    .array(rungOf(offeredActions))
    .min(1)
    .refine(rising, mustRise)
    .refine(openTime, { error: 'lengths here are working time: s, m or h' }),
  /** How often the ladder may take a lead from a rep. */
  reassigns: z.int().min(0).max(10),
  /** From the acceptance until the rep has really talked to them. */
  accepted: z.array(rungOf(acceptedActions)).min(1).refine(rising, mustRise),
  /** From the first talk until there is an outcome. */
  touched: z.array(rungOf(acceptedActions)).min(1).refine(rising, mustRise),
  /** Above the last rung: how often the managers (while touched, the owner) are reminded until somebody acts. */
  again: z.strictObject({ offered: duration, accepted: duration, touched: duration }),
});

export type Policy = z.infer<typeof policy>;

const usual: Policy = {
  offered: [
    { after: '5m', do: 'nudge' },
    { after: '15m', do: 'backup' },
    { after: '30m', do: 'reassign' },
    { after: '1h', do: 'manager' },
    { after: '4h', do: 'breach' },
  ],
  reassigns: 1,
  accepted: [
    { after: '4h', do: 'nudge' },
    { after: '1bd', do: 'manager' },
    { after: '2bd', do: 'breach' },
  ],
  touched: [{ after: '2w', do: 'nudge' }],
  again: { offered: '1bd', accepted: '1bd', touched: '2w' },
};

/**
 * The SLA document: how long a lead may wait, and what happens when it does. `hours` says when the clock runs: `rep` in the rep's own
 * working hours (the workspace's where the rep has none), `always`, or hours given here; always in the rep's time zone, never on the
 * calendar's holidays. A pool may differ from the rest in any part.
 */
export const slaDocument = z.strictObject({
  hours: z.union([z.enum(['rep', 'always']), hours]).default('rep'),
  /** How long the accept and reject links of a mail work. */
  links: duration.default('14d'),
  /** A queue that nobody can take from is looked at again after this. */
  retry: duration.default('15m'),
  offered: policy.shape.offered.default(usual.offered),
  reassigns: policy.shape.reassigns.default(usual.reassigns),
  accepted: policy.shape.accepted.default(usual.accepted),
  touched: policy.shape.touched.default(usual.touched),
  again: policy.shape.again.default(usual.again),
  pools: z.record(z.string(), policy.partial()).default({}),
});

export type SlaDocument = z.infer<typeof slaDocument>;

/** The promise that holds in a pool. */
export function policyOf(document: SlaDocument, poolKey: string): Policy {
  const { offered, reassigns, accepted, touched, again } = document;
  return { offered, reassigns, accepted, touched, again, ...document.pools[poolKey] };
}
