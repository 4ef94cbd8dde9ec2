import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { hours } from '../calendar/hours.ts';
import { zone } from '../calendar/zoned.ts';
import { condition } from '../conditions/condition.ts';
import { entries } from './entries/index.ts';
import { steps } from './steps/index.ts';

const reentry = z.union([z.enum(['never', 'always']), z.strictObject({ after: duration }), z.strictObject({ key: z.string().min(1) })]);

/** A campaign as a document (docs/campaign-language.md). Unknown keys are faults, so a misspelt one never passes unseen. */
export const campaign = z
  .strictObject({
    key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a key is lower-case letters, digits and -'),
    name: z.string().min(1),
    topic: z.string().optional(),
    class: z.enum(['marketing', 'transactional']).default('marketing'),
    from: z.string().optional(),
    entry: entries,
    reentry: reentry.default('never'),
    goal: z
      .strictObject({
        event: z.string().min(1),
        where: z.record(z.string(), z.unknown()).default({}),
        within: duration.optional(),
        then: steps.default([]),
      })
      .optional(),
    exitWhen: condition.optional(),
    exclude: z.array(z.string()).default([]),
    priority: z.number().int().min(0).max(100).default(50),
    sending: z.strictObject({ window: hours.optional(), timezone: z.union([z.literal('lead'), zone]).default('lead') }).optional(),
    steps: steps.refine((list) => list.length > 0, 'a campaign has at least one step'),
  })
  .refine((doc) => doc.class === 'transactional' || doc.topic !== undefined, {
    path: ['topic'],
    message: 'marketing mail needs a consent topic; name one, or say class: transactional',
  });
export type Campaign = z.infer<typeof campaign>;
export type Entry = Campaign['entry'][number];
