import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { hours } from '../calendar/hours.ts';
import { moment } from '../calendar/moment.ts';
import { zone } from '../calendar/zoned.ts';
import { condition } from '../conditions/condition.ts';
import type { SequenceRules } from '../sequences/rules.ts';
import { entries } from './entries/index.ts';
import { caps } from './caps.ts';
import { share } from './holdout.ts';
import { pace } from './pace.ts';
import { tracking } from './tracking.ts';
import { steps } from './steps/index.ts';

const reentry = z.union([z.enum(['never', 'always']), z.strictObject({ after: duration }), z.strictObject({ key: z.string().min(1) })]);

/** A campaign as a document (docs/campaign-language.md). Unknown keys are faults, so a misspelt one never passes unseen. */
export const campaign = z
  .strictObject({
    key: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a key is lower-case letters, digits and -')
      .describe('its name for life, in the API and in keys of mails'),
    name: z.string().min(1).describe('its name for people'),
    topic: z.string().optional().describe('the consent topic of its mail; needed unless `class: transactional`'),
    class: z
      .enum(['marketing', 'transactional'])
      .default('marketing')
      .describe('what kind of mail it sends: `transactional` ignores windows, caps and marketing consent'),
    from: z
      .string()
      .optional()
      .describe('`owner` (who looks after the lead) or a named sender such as `Ada <ada@firm.example>`; else the workspace’s'),
    entry: entries,
    reentry: reentry
      .default('never')
      .describe(
        'whether somebody may come again: never, always, `{ after }` so long since they left last, `{ key }` once for each value of a property',
      ),
    goal: z
      .strictObject({
        event: z.string().min(1),
        where: z.record(z.string(), z.unknown()).default({}),
        by: z.enum(['lead', 'account']).optional().describe('`account`: anyone of the company may reach it'),
        within: duration.optional(),
        then: steps.default([]),
      })
      .optional(),
    exitWhen: condition.optional().describe('who it holds of leaves: looked at on every change of the lead, and before every effect'),
    exclude: z.array(z.string()).default([]).describe('segments that are kept out: looked at on entry and again before every mail'),
    holdout: share
      .optional()
      .describe(
        'held back for comparison: enrolled, walked through the steps without any effect, and compared with the others on the goal',
      ),
    priority: z
      .number()
      .int()
      .min(0)
      .max(100)
      .default(50)
      .describe(
        'while somebody is under way in several live marketing campaigns, only that with the highest priority mails them; in the others the next mail waits until they have left it. Clocks run. Equals do not hold each other up',
      ),
    account: z
      .strictObject({
        max: z
          .number()
          .int()
          .min(1)
          .describe('how many people of one company may be in outreach at once: mailed by this campaign and still in it'),
        overflow: z
          .enum(['wait', 'drop'])
          .default('wait')
          .describe('one more waits with the first mail until somebody has left, or leaves'),
      })
      .optional()
      .describe('no more than so many people of a company at once'),
    start: moment
      .optional()
      .describe('nobody takes a step before; who enters earlier waits. A date or local time is read in `sending.timezone`'),
    end: moment.optional().describe('nobody enters after; a date is included'),
    onEnd: z
      .enum(['finish', 'exit'])
      .optional()
      .describe('who is in it then goes on to the end (`finish`, the default), or leaves at once'),
    sending: z
      .strictObject({
        window: hours.optional().describe('the hours in which marketing leaves, public holidays excepted'),
        timezone: z
          .union([z.literal('lead'), zone])
          .default('lead')
          .describe('whose hours: each lead’s own, or one zone for all'),
        cap: caps.optional().describe('how often somebody is mailed at most'),
        rate: pace.optional().describe('the throttle: how many marketing mails of this campaign leave at most, evenly spread: 500/h'),
        tracking: tracking
          .optional()
          .describe(
            '`clicks`: without the picture that tells of opens; `off`: links are the author’s own and nothing is known. What the live version says holds for all mail of the campaign; the workspace and each person may allow less',
          ),
      })
      .optional(),
    steps: steps.refine((list) => list.length > 0, 'a campaign has at least one step'),
  })
  .refine((doc) => doc.class === 'transactional' || doc.topic !== undefined, {
    path: ['topic'],
    message: 'marketing mail needs a consent topic; name one, or say class: transactional',
  });
/** `sequence`: it is one, and these rules come with it. */
export type Campaign = z.infer<typeof campaign> & { sequence?: SequenceRules };
export type Entry = Campaign['entry'][number];
