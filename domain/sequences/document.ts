import { z } from 'zod';
import { type Hours, hours } from '../calendar/hours.ts';
import { zone } from '../calendar/zoned.ts';
import type { Campaign } from '../campaign/document.ts';
import { steps } from '../campaign/steps/index.ts';
import { tracking } from '../campaign/tracking.ts';
import { condition } from '../conditions/condition.ts';
import { mode, type StopRule, stopRules, usualStops } from './rules.ts';

/** When personal mail leaves unless the document says otherwise: people's working hours, by their own clock. */
const WINDOW: Hours = { days: 'mon-fri', from: '08:00', to: '18:00' };

const stopOn = z
  .union([z.enum(stopRules).transform((one): StopRule[] => [one]), z.array(z.enum(stopRules))])
  .transform((rules): StopRule[] => stopRules.filter((rule) => rules.includes(rule)));

/** A sequence as a document (docs/sequences.md). Unknown keys are faults, so a misspelt one never passes unseen. */
export const sequence = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a key is lower-case letters, digits and -')
    .describe('its name for life; campaigns and sequences share them'),
  name: z.string().min(1).describe('its name for people'),
  class: z.literal('personal').default('personal').describe('what kind of mail it sends; there is but one'),
  mode: mode
    .default('auto')
    .describe('`auto`: mails go by themselves; `draft`: the rep looks through each before it goes. A mail may say otherwise'),
  stopOn: stopOn
    .default(usualStops)
    .describe('what ends a run by itself: all of them but `colleague_reply` unless the list says otherwise'),
  exitWhen: condition.optional().describe('who it holds of leaves: looked at on every change of the lead, and before every mail'),
  withCampaigns: z
    .boolean()
    .default(false)
    .describe('campaigns may mail the same person meanwhile; else their marketing waits until the run is over'),
  sending: z
    .strictObject({
      window: hours.default(WINDOW).describe('the hours in which its mails leave, public holidays excepted'),
      timezone: z
        .union([z.literal('lead'), zone])
        .default('lead')
        .describe('whose hours: each lead’s own, or one zone for all'),
      tracking: tracking.default('off').describe('`clicks` makes links count; a letter between two people has none of it'),
    })
    .default({ window: WINDOW, timezone: 'lead', tracking: 'off' }),
  steps: steps.refine((list) => list.length > 0, 'a sequence has at least one step'),
});
export type Sequence = z.infer<typeof sequence>;

/** The campaign that a sequence comes to: what decides, journals and counts is the same for both. Nobody enters by an event, and nothing of it is marketing. */
export function asCampaign({ key, name, mode: usual, stopOn: stops, exitWhen, withCampaigns, sending, steps: list }: Sequence): Campaign {
  return {
    key,
    name,
    class: 'transactional',
    entry: [],
    reentry: 'always',
    ...(exitWhen && { exitWhen }),
    exclude: [],
    priority: 50,
    sending,
    steps: list,
    sequence: { stopOn: stops, withCampaigns, mode: usual },
  };
}
