import { z } from 'zod';
import { type Duration, duration, plus } from '../../calendar/duration.ts';
import { type Condition, condition, type ConditionDocument, leafKey, leavesOf } from '../../conditions/condition.ts';
import { evaluate } from '../../conditions/evaluate.ts';
import { value } from '../../words/value.ts';
import { dateIssues, dateNeeds, moment, momentWords, resolveMoment } from '../dates.ts';
import { type CampaignFacts, type DecideInput, defineStep, type StepDocument, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const options = {
  timeout: duration.optional().describe('wait no longer than this'),
  until: moment
    .optional()
    .describe('nor beyond this date: `until: { date: occasion.ends_at, offset: 1d }`. A timeout or an until is required'),
  since: z
    .union([z.enum(['entry', 'step', 'ever']), duration])
    .default('entry')
    .describe('what counts: what happened since entry, since this step was reached, ever, or so far back'),
};
const OPTIONS = new Set(Object.keys(options));

/** The options, and beside them the keys of the condition that is waited for. */
const awaited = z.looseObject(options).superRefine((given, ctx) => {
  if (!given.timeout && !given.until)
    ctx.addIssue({ code: 'custom', message: 'a waitFor has a timeout such as 5d, or an until, so that it ends', path: ['timeout'] });
  const wrong = condition.safeParse(conditionIn(given));
  for (const { message, path } of wrong.error?.issues ?? []) ctx.addIssue({ code: 'custom', message, path: [...path] });
});
type Awaited = z.infer<typeof awaited>;

const schema = (steps: StepList) => z.strictObject({ id: stepId, waitFor: awaited, then: steps.default([]), onTimeout: steps.default([]) });
type WaitFor = z.infer<ReturnType<typeof schema>>;

/** What is waited for, without the options. */
const conditionIn = (given: Record<string, unknown>): ConditionDocument =>
  Object.fromEntries(Object.entries(given).filter(([key]) => !OPTIONS.has(key)));

/** A condition whose truth may come with time alone is looked at again this often; everything else wakes at once. */
const LOOK_AGAIN: Duration = '1d';
const TIMED = new Set(['within', 'before', 'after']);

/**
 * `{ id: p, waitFor: { event: pricing_viewed, timeout: 5d }, then: […], onTimeout: […] }`: into `then` as soon as the condition holds, counting what
 * happened since entry (or `since`); into `onTimeout` when the time is up. What came after the time does not count, however late we look.
 */
export const waitFor = defineStep({
  kind: 'waitFor',
  schema,
  arms: (step): Record<string, StepDocument[]> => ({ then: step.then, onTimeout: step.onTimeout }),
  conditions: ({ waitFor: given }) => ({ is: { since: given.since, all: [conditionIn(given)] } }),
  needs: (step) => dateNeeds(step.waitFor.until),
  lint: (step, { vocabulary }) => dateIssues(step.waitFor.until, vocabulary),
  decide(input) {
    const { step, facts, conditions, now } = input;
    const is = conditions['is']!;
    const until = endOf(input);
    const what = nameOf(step.waitFor);
    const { held, evidence } = evaluate(is, until && until < now ? asOf(facts, until) : facts);
    const because = { rule: 'waitFor', event: what, until: until?.toISOString() ?? null, ...(step.waitFor['event'] ? {} : { evidence }) };
    if (held) return { go: 'then', because: { ...because, saw: sawAt(is, facts)?.toISOString() ?? now.toISOString() } };
    if (until === null || now >= until) return { go: 'onTimeout', at: until ?? now, because: { ...because, saw: null } };
    const next = isTimed(is) ? plus(now, LOOK_AGAIN, facts.zone, facts.calendar) : until;
    return { stay: next < until ? next : until, waiting: `event:${what}`, because };
  },
  words: ({ waitFor: given }) =>
    `wait for ${nameOf(given)}, ${[given.timeout && `at most ${given.timeout}`, given.until && `until ${momentWords(given.until)}`].filter(Boolean).join(' and ')}`,
  why: {
    waitFor: ({ event, until, saw }) => {
      if (saw === undefined) return `waits for ${value(event)}, until ${value(until)}`;
      if (until === null && saw === null) return `${value(event)} is not waited for: the date until which to wait is not known`;
      return saw === null ? `${value(event)} did not come by ${value(until)}` : `${value(event)} came on ${value(saw)}`;
    },
  },
  about: `Goes into \`then\` as soon as its condition holds: an event (\`event\`, \`where\`, \`count\`), or any condition, such as \`any: [{ clicked: welcome }, { stage: mql }]\`. It counts back to entry, or \`since: step\`, \`since: 7d\`; it wakes at once. Into \`onTimeout\` after \`timeout\`, or at a date (\`until: { date: occasion.ends_at, offset: 1d }\`), whichever comes first; what comes later does not count. A date that is not known ends the wait at once where there is no timeout.`,
  example: `- { id: hello, send: welcome }
- id: interest
  waitFor: { any: [{ clicked: hello }, { event: pricing_viewed, count: { gte: 2 } }], timeout: 5d }
  then: [{ id: study, send: case-study }]
  onTimeout: [{ id: last, send: last-call }]`,
});

/** When the waiting ends; null where all there is is a date that nobody knows. */
function endOf({
  step: {
    waitFor: { timeout, until },
  },
  enrolment,
  facts,
}: DecideInput<WaitFor>): Date | null {
  const ends = [
    timeout ? plus(enrolment.arrivedAt, timeout, facts.zone, facts.calendar) : null,
    until ? resolveMoment(until, facts, enrolment) : null,
  ].filter((end) => end !== null);
  return ends.length === 0 ? null : ends.reduce((a, b) => (b < a ? b : a));
}

const countingLeaves = (is: Condition) => leavesOf(is).filter((leaf) => leaf.kind === 'event' || leaf.kind === 'mail');

/** What had been counted by then: first occurrences that came later are left out. */
function asOf(facts: CampaignFacts, end: Date): CampaignFacts {
  return { ...facts, counted: new Map([...facts.counted].filter(([, seen]) => seen.firstAt !== null && seen.firstAt <= end)) };
}

/** When the first of what it counts was seen; null where it counts nothing. */
function sawAt(is: Condition, facts: CampaignFacts): Date | null {
  const seen = countingLeaves(is).flatMap((leaf) => facts.counted.get(leafKey(leaf))?.firstAt ?? []);
  return seen.length === 0 ? null : seen.reduce((a, b) => (b < a ? b : a));
}

const isTimed = (is: Condition): boolean =>
  leavesOf(is).some((leaf) => 'test' in leaf && Object.entries(leaf.test).some(([op, bound]) => TIMED.has(op) && bound !== undefined));

/** The event it waits for, or the first thing its condition looks at. */
function nameOf(given: Awaited): string {
  const [key, wanted] = Object.entries(conditionIn(given))[0]!;
  return key === 'event'
    ? String(wanted)
    : key === 'any' || key === 'all'
      ? 'a condition'
      : typeof wanted === 'string'
        ? `${key} ${wanted}`
        : key;
}
