import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { weekdays } from '../../calendar/hours.ts';
import { nextTime } from '../../calendar/next-time.ts';
import { value } from '../../words/value.ts';
import { defineStep, NEXT } from '../step.ts';
import { stepId } from './step-id.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time such as 09:00');
const until = z.union([
  time.describe('when the wall clock next shows it, in the lead’s zone'),
  z.strictObject({
    weekday: z.enum(weekdays),
    at: time.default('00:00').describe('the beginning of that day, where it is not said'),
  }),
]);
const schema = z.strictObject({
  id: stepId,
  wait: z.union([
    duration.describe('counted from when the step was reached; after a send, from the acceptance of its mail'),
    z.strictObject({ until }),
  ]),
});
type Wait = z.infer<typeof schema>;

const untilWords = (given: z.infer<typeof until>): string => (typeof given === 'string' ? given : `${given.weekday} ${given.at}`);
const words = ({ wait: given }: Wait): string => (typeof given === 'string' ? `wait ${given}` : `wait until ${untilWords(given.until)}`);

/**
 * `{ id: w1, wait: 2d }`: go on when the duration has passed since the step was reached; after a send, since its mail was accepted.
 * `{ id: w2, wait: { until: '09:00' } }` or `{ until: { weekday: tue, at: '10:00' } }`: until the wall clock in the lead's zone next
 * shows it, at once when it does just now.
 */
export const wait = defineStep({
  kind: 'wait',
  stops: true,
  schema: () => schema,
  decide({ step, enrolment, facts, now }) {
    const { arrivedAt } = enrolment;
    const given = step.wait;
    const end =
      typeof given === 'string'
        ? plus(arrivedAt, given, facts.zone, facts.calendar)
        : typeof given.until === 'string'
          ? nextTime(arrivedAt, given.until, facts.zone)
          : nextTime(arrivedAt, given.until.at, facts.zone, given.until.weekday);
    const because = { rule: 'wait', for: typeof given === 'string' ? given : untilWords(given.until), until: end.toISOString() };
    return now < end ? { stay: end, because } : { go: NEXT, at: end, because };
  },
  words,
  why: {
    wait: ({ for: length, until: end }) =>
      /^\d+[a-z]+$/.test(String(length)) ? `waits ${value(length)}, until ${value(end)}` : `waits until ${value(length)}, ${value(end)}`,
  },
  about: `A length of time, in business days too (\`2bd\`), or until the clock of the lead’s zone next shows a time: \`until: '09:00'\`, \`until: { weekday: tue, at: '10:00' }\`. A wait after a \`send\` counts from the mail’s acceptance. A time that the clock skips when summer begins means as much later.`,
  example: `- { id: hello, send: welcome }
- { id: pause, wait: 2bd }
- { id: tuesday, wait: { until: { weekday: tue, at: '10:00' } } }
- { id: study, send: case-study }`,
});
