import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { defineStep, NEXT } from '../step.ts';
import { stepId } from './step-id.ts';

/** `{ id: w1, wait: 2d }`: go on when the duration has passed since the step was reached; after a send, since its mail was accepted. */
export const wait = defineStep({
  kind: 'wait',
  stops: true,
  schema: () => z.strictObject({ id: stepId, wait: duration }),
  decide({ step, enrolment, facts, now }) {
    const until = plus(enrolment.arrivedAt, step.wait, facts.zone, facts.calendar);
    const because = { rule: 'wait', for: step.wait, until: until.toISOString() };
    return now < until ? { stay: until, because } : { go: NEXT, at: until, because };
  },
  words: (step) => `wait ${step.wait}`,
});
