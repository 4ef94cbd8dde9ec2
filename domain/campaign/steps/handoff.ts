import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { value } from '../../words/value.ts';
import { type Because, type DecideInput, defineStep, NEXT, type Outcome, type StepDocument, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const rejection = (steps: StepList) =>
  z.union([
    steps,
    z.literal('disqualify').describe('no lead at all: the stage says so, and the campaign ends for them'),
    z.strictObject({
      resumeOn: z
        .union([z.literal('date'), duration])
        .describe('go on when the date comes that sales named (else at once), or after so long'),
      steps: steps.optional(),
    }),
  ]);

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    handoff: z.strictObject({
      pool: z.string().optional().describe('whose turn it is; default: the pool of the qualification standard'),
      productLine: z.string().default('').describe('one opportunity is open at a time for each company and product line'),
      nurture: z.literal('continue').optional().describe('marketing goes on while the opportunity is open'),
      onAccepted: steps.optional(),
      onRejected: z
        .record(z.string(), rejection(steps))
        .optional()
        .describe('by the reason that sales gave: steps, `disqualify`, or `{ resumeOn: date | 30d, steps }`'),
      timeout: z.strictObject({ after: duration, steps }).optional().describe('when there is no answer by then'),
    }),
  });
type Handoff = z.infer<ReturnType<typeof schema>>;
type Rejection = z.infer<ReturnType<typeof rejection>>;

const REJECTED = 'rejected:';
/** What it waits for once sales has said when to come back: the reason, and the instant. */
const RESUME = 'resume:';
const ACCEPTED = new Set(['accepted', 'touched', 'won']);
const CLOSED = new Set(['rejected', 'recycled', 'lost']);
/** Without a timeout of its own an outcome is looked for again this often; an answer wakes the enrolment at once. */
const LOOK_AGAIN = '30d';

const waits = ({ handoff: { onAccepted, onRejected, timeout } }: Handoff): boolean => Boolean(onAccepted ?? onRejected ?? timeout);
const stepsAfter = (given: Rejection): StepDocument[] =>
  Array.isArray(given) ? given : typeof given === 'object' ? (given.steps ?? []) : [];

/**
 * `{ id: hot, handoff: { pool: inside } }`: hand the lead to sales. With arms (`onAccepted`, `onRejected: { reason: … }`,
 * `timeout`) it waits for the answer; without, it goes on at once. Marketing pauses while the opportunity is open,
 * unless `nurture: continue`.
 */
export const handoff = defineStep({
  kind: 'handoff',
  schema,
  arms({ handoff: { onAccepted, onRejected, timeout } }) {
    const arms: Record<string, StepDocument[]> = {};
    if (onAccepted) arms['accepted'] = onAccepted;
    for (const [reason, given] of Object.entries(onRejected ?? {})) arms[REJECTED + reason] = stepsAfter(given);
    if (timeout) arms['timeout'] = timeout.steps;
    return arms;
  },
  lint(step, { hasPool }) {
    const { pool } = step.handoff;
    return pool && !hasPool(pool)
      ? [{ reason: `there is no pool '${pool}'`, mend: 'name a pool of this workspace, or leave it out for the default' }]
      : [];
  },
  decide(input): Outcome {
    const { step, enrolment, facts, now } = input;
    const { pool = null, productLine, nurture, onAccepted, timeout } = step.handoff;
    if (enrolment.waiting?.startsWith(RESUME)) return resume(enrolment.waiting, now);
    if (enrolment.waiting !== 'opportunity') {
      const effects = [{ kind: 'handoff' as const, pool, productLine, nurture: nurture === 'continue' }];
      const because = { rule: 'handoff', pool };
      if (!waits(step)) return { go: NEXT, effects, because };
      // Sales have all the time they were given, however late the campaign comes to ask them.
      const until = plus(now, timeout?.after ?? LOOK_AGAIN, facts.zone, facts.calendar);
      return { stay: until, since: now, waiting: 'opportunity', effects, because };
    }
    const answer = facts.opportunity;
    const because = { rule: 'handoff', answer: answer?.state ?? null, reason: answer?.rejectedReason ?? null };
    if (answer && ACCEPTED.has(answer.state)) return { go: onAccepted ? 'accepted' : NEXT, because };
    if (answer && CLOSED.has(answer.state)) return rejected(input, because);
    const until = timeout
      ? plus(enrolment.arrivedAt, timeout.after, facts.zone, facts.calendar)
      : plus(now, LOOK_AGAIN, facts.zone, facts.calendar);
    return now < until
      ? { stay: until, waiting: 'opportunity', because }
      : { go: 'timeout', at: until, because: { ...because, answer: 'none in time' } };
  },
  about:
    'Hands the lead to sales: an opportunity that somebody of the pool is offered, or the open one of its company is joined. With arms it waits for the answer; ' +
    'without, it goes on at once. An answer without an arm of its own goes on with the next step. Marketing of this lead pauses while the opportunity is ' +
    'open, in every campaign, unless `nurture: continue`. A rejection may have steps by its reason, or `disqualify`, or `{ resumeOn: date }`: the campaign ' +
    'goes on when the date comes that sales named (or the qualification standard says), with its `steps` or the next one; `resumeOn: 30d` after so long.',
  example: `- id: hot
  handoff:
    pool: inside
    onAccepted: [{ id: done, exit: with sales }]
    onRejected:
      not_now: { resumeOn: date, steps: [{ id: again, send: case-study }] }
      wrong_person: [{ id: other, send: welcome }]
      junk: disqualify
    timeout: { after: 10bd, steps: [{ id: nudge, send: last-call }] }`,
  why: {
    handoff: ({ pool, answer, reason, resumes }) => {
      if (answer === undefined) return `handed to sales${pool ? ` (${value(pool)})` : ''}`;
      if (answer === null) return 'waits for the answer of sales';
      return `sales answered: ${value(answer)}${reason ? ` (${value(reason)})` : ''}${resumes ? `, goes on ${value(resumes)}` : ''}`;
    },
    resume: ({ at, reason }) => `the time has come that was named with “${value(reason)}”: ${value(at)}`,
  },
  words: (step) => `hand to sales${step.handoff.pool ? ` (${step.handoff.pool})` : ''}`,
});

function rejected({ step, facts, now }: DecideInput<Handoff>, because: Because): Outcome {
  const { rejectedReason: reason, resumeAt } = facts.opportunity!;
  const given = reason === null ? undefined : step.handoff.onRejected?.[reason];
  if (given === undefined) return { go: NEXT, because };
  if (given === 'disqualify') return { exit: 'disqualified', effects: [disqualified], because };
  if (Array.isArray(given)) return { go: REJECTED + reason, because };
  const until = given.resumeOn === 'date' ? (resumeAt ? new Date(resumeAt) : now) : plus(now, given.resumeOn, facts.zone, facts.calendar);
  if (until <= now) return { go: REJECTED + reason, because };
  return { stay: until, waiting: `${RESUME}${reason}:${until.toISOString()}`, because: { ...because, resumes: until.toISOString() } };
}

const disqualified = { kind: 'update' as const, lead: {}, account: {}, addTags: [], removeTags: [], move: 'disqualified' as const };

function resume(waiting: string, now: Date): Outcome {
  const [reason, at] = [
    waiting.slice(RESUME.length, waiting.indexOf(':', RESUME.length)),
    waiting.slice(waiting.indexOf(':', RESUME.length) + 1),
  ];
  const until = new Date(at);
  const because = { rule: 'resume', reason, at };
  return now < until ? { stay: until, waiting, because } : { go: REJECTED + reason, at: until, because };
}
