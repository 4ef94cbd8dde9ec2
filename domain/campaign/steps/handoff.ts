import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { defineStep, NEXT, type StepDocument, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    handoff: z.strictObject({
      pool: z.string().optional(),
      productLine: z.string().default(''),
      nurture: z.literal('continue').optional(),
      onAccepted: steps.optional(),
      onRejected: z.record(z.string(), steps).optional(),
      timeout: z.strictObject({ after: duration, steps }).optional(),
    }),
  });
type Handoff = z.infer<ReturnType<typeof schema>>;

const REJECTED = 'rejected:';
const ACCEPTED = new Set(['accepted', 'touched', 'won']);
const CLOSED = new Set(['rejected', 'recycled', 'lost']);
/** Without a timeout of its own an outcome is looked for again this often; an answer wakes the enrolment at once. */
const LOOK_AGAIN = '30d';

const waits = ({ handoff: { onAccepted, onRejected, timeout } }: Handoff): boolean => Boolean(onAccepted ?? onRejected ?? timeout);

/**
 * `{ id: hot, handoff: { pool: inside } }`: hand the lead to sales. With arms (`onAccepted`, `onRejected: { reason: steps }`,
 * `timeout`) it waits for the answer; without, it goes on at once. Marketing pauses while the opportunity is open,
 * unless `nurture: continue`.
 */
export const handoff = defineStep({
  kind: 'handoff',
  schema,
  arms({ handoff: { onAccepted, onRejected, timeout } }) {
    const arms: Record<string, StepDocument[]> = {};
    if (onAccepted) arms['accepted'] = onAccepted;
    for (const [reason, list] of Object.entries(onRejected ?? {})) arms[REJECTED + reason] = list;
    if (timeout) arms['timeout'] = timeout.steps;
    return arms;
  },
  lint(step, { hasPool }) {
    const { pool } = step.handoff;
    return pool && !hasPool(pool)
      ? [{ reason: `there is no pool '${pool}'`, mend: 'name a pool of this workspace, or leave it out for the default' }]
      : [];
  },
  decide({ step, enrolment, facts, now }) {
    const { pool = null, productLine, nurture, onAccepted, onRejected, timeout } = step.handoff;
    if (enrolment.waiting !== 'opportunity') {
      const effects = [{ kind: 'handoff' as const, pool, productLine, nurture: nurture === 'continue' }];
      const because = { rule: 'handoff', pool };
      if (!waits(step)) return { go: NEXT, effects, because };
      return { stay: plus(now, timeout?.after ?? LOOK_AGAIN, facts.zone, facts.calendar), waiting: 'opportunity', effects, because };
    }
    const answer = facts.opportunity;
    const because = { rule: 'handoff', answer: answer?.state ?? null, reason: answer?.rejectedReason ?? null };
    if (answer && ACCEPTED.has(answer.state)) return { go: onAccepted ? 'accepted' : NEXT, because };
    if (answer && CLOSED.has(answer.state))
      return { go: answer.rejectedReason && onRejected?.[answer.rejectedReason] ? REJECTED + answer.rejectedReason : NEXT, because };
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
    'open, in every campaign, unless `nurture: continue`.',
  example: `- id: hot
  handoff:
    pool: inside
    onAccepted: [{ id: done, exit: with sales }]
    onRejected:
      not_now: [{ id: later, wait: 90d }, { id: again, send: case-study }]
    timeout: { after: 10bd, steps: [{ id: nudge, send: last-call }] }`,
  words: (step) => `hand to sales${step.handoff.pool ? ` (${step.handoff.pool})` : ''}`,
});
