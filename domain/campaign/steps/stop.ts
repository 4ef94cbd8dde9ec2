import { z } from 'zod';
import { value } from '../../words/value.ts';
import { people } from '../people.ts';
import { defineStep, NEXT } from '../step.ts';
import { campaignIssues } from './start.ts';
import { stepId } from './step-id.ts';

const options = z.strictObject({
  campaign: z.string().min(1).describe('the key of the campaign'),
  for: people.pick({ roles: true, max: true }).optional().describe('others of the lead’s company instead of the lead'),
});
const schema = z.strictObject({ id: stepId, stop: z.union([z.string().min(1), options]) });
type Stop = z.infer<typeof schema>;

const optionsOf = ({ stop: given }: Stop): z.infer<typeof options> => (typeof given === 'string' ? { campaign: given } : given);

/** `{ id: s, stop: nurture-1 }`: take the lead, or others of its company (`for`), out of another campaign, wherever they stand in it. */
export const stop = defineStep({
  kind: 'stop',
  schema: () => schema,
  lint(step, context) {
    const { campaign: key, for: who } = optionsOf(step);
    if (key === context.campaign.key && !who) return [{ reason: 'it stops itself', mend: 'use exit' }];
    return campaignIssues(key, context) ?? [];
  },
  decide({ step }) {
    const { campaign, for: who } = optionsOf(step);
    return {
      go: NEXT,
      effects: [{ kind: 'stop', campaign, for: who ?? null }],
      because: { rule: 'stop', campaign, ...(who ? { for: who } : {}) },
    };
  },
  words: (step) => `stop ${optionsOf(step).campaign}${optionsOf(step).for ? ' for colleagues' : ''}`,
  why: {
    stop: ({ campaign, for: who }) => `stopped ${value(campaign)}${who ? ' for others of the company' : ''}`,
    stopped: ({ by, step: id }) => `stopped by ${value(by)}, ${value(id)}`,
  },
  about: `Takes the lead out of another campaign at once, wherever it stands there; with \`for\` others of its company, also out of this very campaign. Who still stands at its door (its entry has a pace) is turned away; who is not in it is not concerned. Its mails that are queued are not sent.`,
  example: `- { id: enough, stop: another-campaign }`,
});
