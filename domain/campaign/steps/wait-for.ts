import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { condition, type Leaf, leafKey } from '../../conditions/condition.ts';
import { parseWhere } from '../../conditions/test.ts';
import { defineStep, type StepDocument, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    waitFor: z.strictObject({
      event: z.string().min(1),
      where: z.record(z.string(), z.unknown()).optional(),
      timeout: duration,
      since: z.union([z.enum(['entry', 'step']), duration]).default('entry'),
    }),
    then: steps.default([]),
    onTimeout: steps.default([]),
  });
type WaitFor = z.infer<ReturnType<typeof schema>>;

function eventLeaf({ waitFor: { event, where = {}, since } }: WaitFor): Leaf & { kind: 'event' } {
  return { kind: 'event', event, where: parseWhere(where), count: { gte: 1 }, since };
}

/**
 * `{ id: p, waitFor: { event: pricing_viewed, timeout: 5d }, then: […], onTimeout: […] }`: into `then` as soon as the event
 * is there, counting back to entry (or `since`); into `onTimeout` when the time is up. What came after the time does not count.
 */
export const waitFor = defineStep({
  kind: 'waitFor',
  schema,
  arms: (step): Record<string, StepDocument[]> => ({ then: step.then, onTimeout: step.onTimeout }),
  conditions: (step) => ({ event: eventLeaf(step) }),
  lint(step) {
    const wrong = condition.safeParse({ event: step.waitFor.event, where: step.waitFor.where ?? {} });
    return wrong.success ? [] : [{ reason: wrong.error.issues[0]!.message, mend: 'compare properties with a bare value or { gte: … }' }];
  },
  decide({ step, enrolment, facts, now }) {
    const until = plus(enrolment.arrivedAt, step.waitFor.timeout, facts.zone, facts.calendar);
    const seen = facts.counted.get(leafKey(eventLeaf(step)));
    const because = { rule: 'waitFor', event: step.waitFor.event, until: until.toISOString() };
    if (seen?.firstAt && seen.firstAt <= until) return { go: 'then', because: { ...because, saw: seen.firstAt.toISOString() } };
    return now < until
      ? { stay: until, waiting: `event:${step.waitFor.event}`, because }
      : { go: 'onTimeout', at: until, because: { ...because, saw: null } };
  },
  words: (step) => `wait for ${step.waitFor.event}, at most ${step.waitFor.timeout}`,
});
