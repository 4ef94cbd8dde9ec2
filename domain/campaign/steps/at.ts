import { z } from 'zod';
import { offset } from '../../calendar/duration.ts';
import { value } from '../../words/value.ts';
import { dateIssues, dateNeeds, dateRef, momentWords, resolveMoment } from '../dates.ts';
import { type Because, defineStep, NEXT, type Outcome, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    at: z.strictObject({
      date: dateRef,
      offset: offset.optional().describe('before it (`-1h`) or after it (`1d`); days are the lead’s'),
      ifPast: z.enum(['skip', 'now']).default('skip').describe('who comes when it has passed skips the whole block, or goes into it now'),
      ifMoved: z
        .enum(['rearm', 'keep', 'exit'])
        .default('rearm')
        .describe('when the date changes while they wait: wait for the new one, keep to the old one, or leave the campaign'),
    }),
    steps,
  });

/** What it waits for, as the enrolment keeps it: the instant it was armed for. */
const ARMED = 'at:';

/**
 * `{ id: r, at: { date: occasion.starts_at, offset: -1h }, steps: […] }`: into `steps` at that moment. Whoever comes later than that skips the block,
 * or goes into it at once (`ifPast`). The moment is noted while it waits; when the date moves, `ifMoved` says what becomes of them. A date that is not
 * known, or no longer, counts as past with `skip`: nobody waits for a date that may never come.
 */
export const at = defineStep({
  kind: 'at',
  schema,
  arms: (step) => ({ steps: step.steps }),
  needs: (step) => dateNeeds(step.at),
  lint: (step, { vocabulary }) => dateIssues(step.at, vocabulary),
  decide({ step, enrolment, facts, now }): Outcome {
    const { date, ifPast, ifMoved } = step.at;
    const moment = resolveMoment(step.at, facts, enrolment);
    const because = { rule: 'at', date: momentWords(step.at), at: moment?.toISOString() ?? null };
    const armed = enrolment.waiting?.startsWith(ARMED) ? new Date(enrolment.waiting.slice(ARMED.length)) : null;

    const moved = armed !== null && armed.getTime() !== moment?.getTime();
    if (moved && ifMoved === 'exit') return { exit: 'date_moved', because: { ...because, was: armed.toISOString() } };
    if (moved && ifMoved === 'keep') return waitOrGo(armed, now, { ...because, at: armed.toISOString(), kept: true });
    if (moment === null) return { go: NEXT, because: { ...because, skipped: `there is no ${date}` } };
    if (moved || armed === null) {
      const since = moved ? now : enrolment.arrivedAt;
      const note = moved ? { ...because, was: armed.toISOString() } : because;
      if (moment < since)
        return ifPast === 'now' ? { go: 'steps', because: note } : { go: NEXT, because: { ...note, skipped: 'it has passed' } };
      return waitOrGo(moment, now, note);
    }
    return waitOrGo(moment, now, because);
  },
  words: (step) => `${momentWords(step.at)}:`,
  why: {
    at: ({ date, at: when, was, kept, skipped }) => {
      const moved = was ? ` (moved from ${value(was)})` : '';
      if (skipped) return `the steps at ${value(date)} are skipped: ${value(skipped)}${moved}`;
      return `${value(date)} is ${value(when)}${moved}${kept ? ', though the date has moved' : ''}`;
    },
  },
  about: `Hangs steps on a date. Who comes too late skips the whole block (\`ifPast: skip\`) or goes into it at once (\`now\`). When the date moves while they wait: \`ifMoved: rearm\` waits for the new one, \`keep\` keeps to the old, \`exit\` leaves the campaign. A date nobody knows, or that was taken away, skips the block. Once the block was entered a moved date changes nothing.`,
  example: `- id: renewal
  at: { date: lead.contract_ends, offset: -30d, ifPast: now, ifMoved: rearm }
  steps: [{ id: reminder, send: last-call }]`,
});

function waitOrGo(moment: Date, now: Date, because: Because): Outcome {
  return now < moment ? { stay: moment, waiting: ARMED + moment.toISOString(), because } : { go: 'steps', at: moment, because };
}
