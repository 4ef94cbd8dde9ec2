import { z } from 'zod';
import { value } from '../../words/value.ts';
import { people } from '../people.ts';
import { defineStep, type LintContext, NEXT, type StepIssue } from '../step.ts';
import { stepId } from './step-id.ts';

const campaignKey = z.string().min(1);
const options = z.strictObject({
  campaign: campaignKey.describe('the key of the campaign'),
  for: people
    .pick({ roles: true, max: true })
    .optional()
    .describe('others of the lead’s company instead of the lead: `{ roles: [influencer], max: 2 }`'),
  with: z.record(z.string(), z.unknown()).default({}).describe('properties of the entry there; `$entry.x` copies one of here'),
});
const schema = z.strictObject({ id: stepId, start: z.union([campaignKey, options]) });
export type Start = z.infer<typeof schema>;

const optionsOf = ({ start: given }: Start): z.infer<typeof options> =>
  typeof given === 'string' ? options.parse({ campaign: given }) : given;

/** Which campaign a step of this kind starts. */
export const startedBy = (step: Start): string => optionsOf(step).campaign;

/** What brought somebody in who was started: the campaigns that led here, the starting one last. */
const chainOf = (entry: Record<string, unknown>): string[] => {
  const { chain } = (entry['started'] ?? {}) as { chain?: unknown };
  return Array.isArray(chain) ? chain.filter((key) => typeof key === 'string') : [];
};

/**
 * `{ id: s, start: nurture-2 }` or `{ id: s, start: { campaign: play-influencer, for: { roles: [influencer], max: 2 } } }`: put the lead, or others of its
 * company, into another campaign, and go on. That campaign's re-entry rule, exclusions and exitWhen decide as for everybody.
 */
export const start = defineStep({
  kind: 'start',
  schema: () => schema,
  lint(step, context) {
    return campaignIssues(optionsOf(step).campaign, context) ?? circle(optionsOf(step).campaign, context);
  },
  decide({ step, enrolment, campaign }) {
    const { campaign: key, for: who, with: given } = optionsOf(step);
    const chain = [...chainOf(enrolment.entry), campaign.key];
    const because = { rule: 'start', campaign: key, ...(who ? { for: who } : {}) };
    if (chain.includes(key)) return { go: NEXT, because: { ...because, skipped: `it led here: ${[...chain, key].join(' → ')}` } };
    const properties = Object.fromEntries(
      Object.entries(given).map(([name, to]) => [
        name,
        typeof to === 'string' && to.startsWith('$entry.') ? enrolment.entry[to.slice(7)] : to,
      ]),
    );
    return { go: NEXT, effects: [{ kind: 'start', campaign: key, for: who ?? null, properties, chain }], because };
  },
  words: (step) => `start ${optionsOf(step).campaign}${optionsOf(step).for ? ' for colleagues' : ''}`,
  why: {
    start: ({ campaign: key, for: who, skipped }) =>
      skipped ? `${value(key)} not started: ${value(skipped)}` : `started ${value(key)}${who ? ' for others of the company' : ''}`,
    colleagues: ({ did, campaign: key, people: found }) =>
      found === 0
        ? `nobody else of the company to ${value(did)} ${value(key)} for`
        : `${value(key)}: ${value(did)} for ${value(found)} of the company`,
    started: ({ by, step: id }) => `started by ${value(by)}, ${value(id)}`,
    not_live: () => 'the campaign is not live',
  },
  about: `Puts the lead into another campaign, or with \`for\` others of its company: of the roles asked for, the most engaged first, at most \`max\` who are not in it already. They enter like everybody else: re-entry, exclusions and \`exitWhen\` of that campaign decide. \`with\` gives the properties of their entry. Campaigns that start each other in a circle are a lint error, and a campaign that led somebody here is never started again for them or by them.`,
  example: `- { id: next, start: another-campaign }
- { id: widen, start: { campaign: another-campaign, for: { roles: [influencer], max: 2 } } }`,
});

/** That there is no such campaign, or null. */
export function campaignIssues(key: string, { campaign, startsOf }: LintContext): StepIssue[] | null {
  if (key === campaign.key || !startsOf || startsOf(key)) return null;
  return [{ reason: `there is no campaign '${key}'`, mend: 'name the key of a campaign of this workspace' }];
}

/** That following the campaigns which one starts leads back to where it is started. */
function circle(first: string, { campaign, startsOf }: LintContext): StepIssue[] {
  const seen = new Set<string>();
  const leadsBack = (key: string): string[] | null => {
    if (key === campaign.key) return [key];
    if (seen.has(key)) return null;
    seen.add(key);
    for (const next of startsOf?.(key) ?? []) {
      const way = leadsBack(next);
      if (way) return [key, ...way];
    }
    return null;
  };
  const way = leadsBack(first);
  return way
    ? [
        {
          reason: `it comes back to itself: ${[campaign.key, ...way].join(' → ')}`,
          mend: 'break the circle: who is in a campaign is not started into it again',
        },
      ]
    : [];
}
