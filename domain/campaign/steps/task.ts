import { z } from 'zod';
import { duration, plus, words as lengthWords } from '../../calendar/duration.ts';
import { outcomesFor, taskKinds } from '../../tasks/kinds.ts';
import { recipient, recipientOf, recipientWords, unknownRecipient } from '../../tasks/recipient.ts';
import { taskKey } from '../../tasks/task.ts';
import { value } from '../../words/value.ts';
import { fill, fillIssues } from '../fill.ts';
import { type DecideInput, defineStep, NEXT, type Outcome, type StepDocument, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    task: z.strictObject({
      to: recipient.describe(
        '`owner` (of the open opportunity, else of the company, else whoever is next in the pool, else a manager), `manager`, or the key of a pool (whoever is next in its rotation; who has the company already comes first) or of a rep; `{ pool: … }`, `{ rep: … }` where a key is both',
      ),
      title: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('what to do, with `{{lead.first_name}}`, `{{account.name}}`, `{{entry.…}}`; default: the campaign and the step'),
      kind: z
        .enum(taskKinds)
        .default('custom')
        .describe(
          'what there is to do: where `onOutcome` names no outcomes it says which may be chosen, of a call `reached`, `no_answer` and others',
        ),
      pool: z
        .string()
        .optional()
        .describe('with `to: owner`: whose turn it is where nobody has the lead; default: the pool of the qualification standard'),
      due: duration.default('2bd').describe('when it is to be done by; the owner is reminded then, and every two business days after it'),
      timeout: duration.optional().describe('how long the campaign waits for the outcome; default 30d where there are arms'),
      once: z
        .literal('account')
        .optional()
        .describe('`account`: one task for the whole company; whoever else of it comes here shares it and its outcome'),
      onOutcome: z
        .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'an outcome is lower-case letters, digits and _, such as not_now'), steps)
        .optional()
        .describe('outcomes the owner may choose, each with its steps; `done` may always be chosen'),
      onTimeout: steps.optional().describe('steps when the time is up; the task stays on the list'),
    }),
  });
type Task = z.infer<ReturnType<typeof schema>>;

const OUTCOME = 'outcome:';
/** So that every campaign ends: with arms and without a timeout of its own it waits no longer than this. */
const MOST = '30d';

const awaited = ({ task: { timeout, onOutcome, onTimeout } }: Task): boolean => Boolean(timeout ?? onOutcome ?? onTimeout);
const outcomesOf = ({ task: { kind, onOutcome } }: Task): string[] => outcomesFor(kind, onOutcome && Object.keys(onOutcome));

/**
 * `{ id: call, task: { to: owner, timeout: 5bd, onOutcome: { refused: […] } } }`: somebody of the firm is to do something about the lead. They get a
 * mail with a link to say what came of it. With `timeout` or arms the campaign waits for the outcome; without, it goes on at once.
 */
export const task = defineStep({
  kind: 'task',
  needsReader: true,
  schema,
  needs: (step) => [...(awaited(step) ? (['task'] as const) : []), ...(step.task.title?.includes('{{') ? (['attributes'] as const) : [])],
  arms({ task: { onOutcome, onTimeout } }) {
    const arms: Record<string, StepDocument[]> = {};
    for (const [outcome, list] of Object.entries(onOutcome ?? {})) arms[OUTCOME + outcome] = list;
    if (onTimeout) arms['timeout'] = onTimeout;
    return arms;
  },
  lint({ task: { to, pool, title } }, around) {
    const issues = fillIssues(title, around.vocabulary);
    const unknown = unknownRecipient(to, around);
    if (unknown) issues.push({ reason: unknown, mend: 'name a pool or a rep of this workspace, owner or manager' });
    if (pool && !around.hasPool(pool))
      issues.push({ reason: `there is no pool '${pool}'`, mend: 'name a pool of this workspace, or leave it out' });
    return issues;
  },
  decide(input): Outcome {
    const { step, enrolment, now } = input;
    const key = taskKey(enrolment.id, step.id);
    if (enrolment.waiting === `task:${key}`) return afterwards(input);
    const effects = [openedBy(input, key)];
    const because = { rule: 'task', to: recipientWords(step.task.to), title: effects[0]!.title };
    if (!awaited(step)) return { go: NEXT, effects, because };
    const until = deadline(input, now);
    return { stay: until, waiting: `task:${key}`, effects, because: { ...because, until: until.toISOString() } };
  },
  words: ({ task: { to, timeout } }) => `task for ${recipientWords(to)}${timeout ? `, wait at most ${lengthWords(timeout)}` : ''}`,
  why: {
    task: ({ to, title, until, outcome, timeout }) => {
      if (timeout) return `nobody answered the task by ${value(timeout)}`;
      if (outcome === 'cancelled') return 'the task was cancelled';
      if (outcome === 'missing') return 'there is no such task any more';
      if (outcome) return `the task was answered: ${value(outcome)}`;
      return `task “${value(title)}” for ${value(to)}${until ? `, waits for the outcome until ${value(until)}` : ''}`;
    },
  },
  about: `Something a person of the firm is to do: it stands on their list (\`GET /v1/tasks\`), they get a mail with a link to say what came of it,
a reminder when it is due, and another every two business days. With \`timeout\`, \`onOutcome\` or \`onTimeout\` the campaign waits for the outcome and goes on
at once when it is there; an outcome without an arm goes on with the next step. After the timeout the task stays on the list, but its outcome no longer
changes the lead’s way. A lead who leaves the campaign while it waits (goal, \`exitWhen\`) takes the task with them: it is cancelled. Each outcome is also
an event, \`task_done\` with \`outcome\`, \`step\` and \`campaign\`.`,
  example: `- id: call
  task:
    to: owner
    title: Call {{lead.first_name}} about the trial
    due: 2bd
    timeout: 5bd
    onOutcome:
      refused: [{ id: over, exit: refused }]
    onTimeout: [{ id: nudge, send: last-call }]`,
});

function openedBy({ step, enrolment, facts, campaign, now }: DecideInput<Task>, key: string) {
  const { to, title = `${campaign.name}: ${step.id}`, kind, pool = null, due, once } = step.task;
  return {
    kind: 'task' as const,
    taskKind: kind,
    taskKey: key,
    title: fill(title, { ...facts, entry: enrolment.entry }),
    to: recipientOf(to),
    pool,
    dueAt: plus(now, due, facts.zone, facts.calendar),
    outcomes: outcomesOf(step),
    once: once === 'account',
    awaited: awaited(step),
  };
}

/** The time runs from when they were asked, not from when the campaign should have come here. */
function deadline({ step, facts }: DecideInput<Task>, since: Date): Date {
  return plus(since, step.task.timeout ?? MOST, facts.zone, facts.calendar);
}

function afterwards(input: DecideInput<Task>): Outcome {
  const { step, enrolment, facts, now } = input;
  const { task: found } = facts;
  const until = deadline(input, found && found.createdAt > enrolment.arrivedAt ? found.createdAt : enrolment.arrivedAt);
  if (found?.state === 'done' && found.outcome !== null && (found.closedAt ?? now) <= until) {
    const { outcome, closedAt } = found;
    const at = closedAt && closedAt > enrolment.arrivedAt ? closedAt : enrolment.arrivedAt;
    return { go: step.task.onOutcome?.[outcome] ? OUTCOME + outcome : NEXT, at, because: { rule: 'task', outcome } };
  }
  if (!found || found.state === 'cancelled') return { go: NEXT, because: { rule: 'task', outcome: found?.state ?? 'missing' } };
  return now < until
    ? { stay: until, waiting: enrolment.waiting, because: { rule: 'task', until: until.toISOString() } }
    : timedOut(step, until);
}

function timedOut(step: Task, until: Date): { go: string; at: Date; because: { rule: string; timeout: string } } {
  return { go: step.task.onTimeout ? 'timeout' : NEXT, at: until, because: { rule: 'task', timeout: until.toISOString() } };
}
