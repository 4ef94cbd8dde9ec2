import { z } from 'zod';
import { defineStep } from '../step.ts';
import { stepId } from './step-id.ts';

/** `{ id: out, exit: not interested }`: leave the campaign here, for the reason given. */
export const exit = defineStep({
  kind: 'exit',
  schema: () => z.strictObject({ id: stepId, exit: z.union([z.string().min(1), z.literal(true)]) }),
  decide: ({ step }) => ({ exit: step.exit === true ? 'exit' : step.exit, because: { rule: 'exit' } }),
  about: 'Leaves the campaign here, for the reason given, which is counted and told. The goal is not reached by it.',
  example: '- { id: out, exit: not interested }',
  words: ({ exit: reason }) => (reason === true ? 'leave' : `leave: ${reason}`),
});
