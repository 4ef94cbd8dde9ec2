import { z } from 'zod';
import { value } from '../../words/value.ts';
import { defineStep, NEXT } from '../step.ts';
import { stepId } from './step-id.ts';

const schema = z.strictObject({
  id: stepId,
  consent: z.strictObject({ topic: z.string().min(1).describe('a consent topic of the workspace'), set: z.enum(['on', 'off', 'ask']) }),
});

/** `{ id: out, consent: { topic: product-news, set: off } }`: note that the lead is to hear of this topic no more, or (`on`) that it agreed, or `ask` it
 * by mail to confirm that it does. */
export const consent = defineStep({
  kind: 'consent',
  schema: () => schema,
  lint({ consent: { topic } }, { hasTopic }) {
    return hasTopic(topic)
      ? []
      : [{ reason: `there is no consent topic '${topic}'`, mend: 'add it to topics.yaml, or name one that is there' }];
  },
  decide: ({
    step: {
      consent: { topic, set },
    },
  }) => ({
    go: NEXT,
    effects: [{ kind: 'consent', topic, granted: set === 'ask' ? null : set === 'on' }],
    because: { rule: 'consent', topic, set },
  }),
  words: ({ consent: { topic, set } }) => (set === 'ask' ? `ask to confirm ${topic}` : `set consent to ${topic} ${set}`),
  why: {
    consent: ({ topic, set }) =>
      set === 'ask' ? `asked to confirm ${value(topic)}` : set === 'on' ? `consent to ${value(topic)} noted` : `taken off ${value(topic)}`,
  },
  about: `Notes a change of consent, with the campaign and step as its proof. \`off\` stops all mail of that topic at once, in every campaign. \`on\` belongs behind something the person did that says so, such as the click on a confirmation; it does not lift an unsubscription from all marketing. \`ask\` sends the mail of a double opt-in, no oftener than the topic allows, and not where consent holds for good: before one that was implied runs out (\`consent_expiring\`), say.`,
  example: `- { id: out, consent: { topic: product-news, set: off } }`,
});
