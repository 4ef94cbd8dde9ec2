import { z } from 'zod';
import { duration } from '../../calendar/duration.ts';
import { value } from '../../words/value.ts';
import { chooseArm, type Experiment, experimentKey, metric } from '../split.ts';
import { defineStep, NEXT, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const armsOf = (steps: StepList) =>
  z
    .array(
      z.strictObject({
        key: stepId.refine((key) => key !== NEXT, `an arm cannot be called '${NEXT}'`).describe('its name in figures, kept for life'),
        weight: z.number().positive().default(1).describe('its part of the people, beside the others’ weights'),
        steps,
      }),
    )
    .min(2)
    .refine((arms) => new Set(arms.map((arm) => arm.key)).size === arms.length, 'two arms have the same key');

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    split: z.union([
      armsOf(steps),
      z.strictObject({
        arms: armsOf(steps),
        metric: metric
          .optional()
          .describe(
            'what counts as success: clicked, replied (a mail of this enrolment), goal, or `{ event: name }`; without it nobody wins',
          ),
        minimum: z.number().int().min(10).default(100).describe('people in each arm before it is judged'),
        confidence: z.number().min(0.5).max(0.999).default(0.95).describe('how sure the judgement must be'),
        within: duration.default('7d').describe('how long what somebody does counts, from the split on'),
      }),
    ]),
  });
export type Split = z.infer<ReturnType<typeof schema>>;

const armsIn = ({ split: given }: Split) => (Array.isArray(given) ? given : given.arms);

/** The experiment that a split is, or null when it measures nothing. */
function experimentIn(step: Split): Experiment | null {
  if (Array.isArray(step.split) || step.split.metric === undefined) return null;
  const { arms, metric: by, minimum, confidence, within } = step.split;
  return { arms: arms.map((arm) => arm.key), metric: by, minimum, confidence, within };
}

/** One split of a campaign. */
export interface SplitStep {
  step: string;
  arms: { key: string; weight: number }[];
  experiment: Experiment | null;
}

/** What a step is as a split. */
export const splitOf = (step: Split): SplitStep => ({
  step: step.id,
  arms: armsIn(step).map(({ key, weight }) => ({ key, weight })),
  experiment: experimentIn(step),
});

/**
 * `{ id: s, split: { arms: [{ key: a, steps: […] }, { key: b, weight: 2, steps: […] }], metric: clicked } }`: everybody goes one of several ways by lot, in
 * proportion to the weights and always the same for the same lead. With a `metric` the arm that does better, once that is sure, takes all who come later.
 */
export const split = defineStep({
  kind: 'split',
  schema,
  arms: (step) => Object.fromEntries(armsIn(step).map((arm) => [arm.key, arm.steps])),
  needs: (step) => (experimentIn(step) ? ['winners'] : []),
  lint(step, { campaign }) {
    const experiment = experimentIn(step);
    if (experiment?.metric === 'goal' && !campaign.goal)
      return [{ reason: 'it is measured by the goal, and the campaign has none', mend: 'give the campaign a goal, or another metric' }];
    return [];
  },
  decide({ step, enrolment, facts, campaign }) {
    const experiment = experimentIn(step);
    const won = experiment ? facts.winners?.[experimentKey(step.id, experiment)] : undefined;
    const arm = won ?? chooseArm(armsIn(step), campaign.key, step.id, enrolment.leadId);
    return { go: arm, effects: [{ kind: 'split', arm, experiment }], because: { rule: 'split', arm, won: won !== undefined } };
  },
  words: (step) =>
    `split ${armsIn(step)
      .map(({ key, weight }) => `${key} ${weight}`)
      .join(' : ')}`,
  why: { split: ({ arm, won }) => (won ? `arm ${value(arm)}, which has won the split` : `arm ${value(arm)} by lot`) },
  about: `Sends everybody one of several ways by lot: in proportion to the weights, always the same for the same lead, campaign and step. With a \`metric\` it is an experiment: only people whose time (\`within\`) has passed are counted; each arm needs \`minimum\` of them; the arm that does better than every other with the \`confidence\` asked for, whatever the number of looks, wins and takes all who come later. Those under way stay where they are. Changing the arms’ keys, the metric or its settings begins another experiment. \`GET /v1/campaigns/{key}/splits\` shows the figures with intervals.`,
  example: `- id: subject
  split:
    arms:
      - { key: plain, steps: [{ id: mail-a, send: welcome }] }
      - { key: bold, steps: [{ id: mail-b, send: { template: welcome, params: { bold: true } } }] }
    metric: clicked
    minimum: 200
    within: 3d`,
});
