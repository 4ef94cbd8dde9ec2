import { z } from 'zod';
import { defineStep } from '../step.ts';
import { stepId } from './step-id.ts';

/** `{ id: out, exit: not interested }`: leave the campaign here, for the reason given. */
export const exit = defineStep({
  kind: 'exit',
  schema: () => z.strictObject({ id: stepId, exit: z.union([z.string().min(1), z.literal(true)]) }),
  decide: ({ step }) => ({ exit: step.exit === true ? 'exit' : step.exit, because: { rule: 'exit' } }),
  words: ({ exit: reason }) => (reason === true ? 'leave' : `leave: ${reason}`),
});
