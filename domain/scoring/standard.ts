import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { type Condition, condition, leavesOf, parseCondition } from '../conditions/condition.ts';
import { mayOnlyLookAt } from './looks-at.ts';

/** `credit`: it was no fault of the rep's, and does not count as a lead they were given. */
const credit = z.boolean().optional();

/** What follows when a salesperson says no. */
const followsSchema = z.discriminatedUnion('follows', [
  /**
   * Not now: back to marketing, and to sales again after this time, or on the date the rep names, if the standard is still met. `askDate`: the rep
   * must name one; then `after` may be left out.
   */
  z
    .strictObject({
      follows: z.literal('recycle'),
      label: z.string(),
      after: duration.optional(),
      askDate: z.boolean().default(false),
      credit,
    })
    .refine(({ after, askDate }) => askDate || after !== undefined, {
      error: 'says neither when it comes back (after), nor that the rep names the date (askDate)',
      path: ['after'],
    }),
  /** Back to marketing; to sales again only when the standard is newly met. */
  z.strictObject({ follows: z.literal('nurture'), label: z.string(), credit }),
  /** Never again: not a lead at all. */
  z.strictObject({ follows: z.literal('disqualify'), label: z.string(), credit }),
  /** A good lead, but not for this rep: offered to another. */
  z.strictObject({ follows: z.literal('reroute'), label: z.string(), credit }),
]);

/** The qualification standard: when a lead is an MQL, who gets it, and the reasons for which sales may send it back. */
export const standardSchema = z.strictObject({
  mql: condition.superRefine(
    mayOnlyLookAt(
      ['fit', 'engagement', 'level', 'score', 'attribute', 'tag'],
      'a standard looks at fit, engagement, level, score, attributes and tags',
    ),
  ),
  /** Key of the pool that gets those who meet it. */
  pool: z.string(),
  productLine: z.string().optional(),
  reasons: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'a key such as not_now'), followsSchema),
  /** Why what sales had accepted was lost, by key. A workspace that says which there are wants one named at every loss. */
  lossReasons: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'a key such as too_expensive'), z.strictObject({ label: z.string().min(1) }))
    .refine((reasons) => Object.keys(reasons).length > 0, 'names no reason')
    .optional(),
});

export type Standard = z.infer<typeof standardSchema>;
export type RejectionReason = z.infer<typeof followsSchema>;

/** The reasons for a loss where the workspace names none; then none need be given. */
export const usualLossReasons: NonNullable<Standard['lossReasons']> = {
  too_expensive: { label: 'Too expensive' },
  competitor: { label: 'Went to a competitor' },
  no_decision: { label: 'Decided nothing' },
  no_budget: { label: 'No budget' },
  not_a_fit: { label: 'We do not have what they need' },
  silent: { label: 'Went silent' },
};

/** A standard made ready. `watched` are the numbers it compares engagement with: crossing one may change the answer. */
export interface QualificationModel {
  version: number;
  mql: Condition;
  watched: number[];
  pool: string;
  productLine: string | null;
}

/** Makes a stored standard ready. Throws where it is not one. */
export function qualificationModel(version: number, body: unknown): QualificationModel {
  const standard = standardSchema.parse(body);
  const mql = parseCondition(standard.mql);
  const watched = leavesOf(mql)
    .flatMap((leaf) => (leaf.kind === 'engagement' ? Object.values(leaf.test) : []))
    .filter((bound) => typeof bound === 'number');
  return { version, mql, watched: [...new Set(watched)], pool: standard.pool, productLine: standard.productLine ?? null };
}
