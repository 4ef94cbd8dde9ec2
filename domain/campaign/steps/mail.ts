import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { leadCountry } from '../../calendar/lead-zone.ts';
import { nextLeaving } from '../../calendar/leaving.ts';
import { type Mode, mode } from '../../sequences/rules.ts';
import { value } from '../../words/value.ts';
import type { Campaign } from '../document.ts';
import { type CampaignFacts, type DecideInput, defineStep, NEXT, type Outcome } from '../step.ts';
import { settled } from './send.ts';
import { stepId } from './step-id.ts';

const schema = z.strictObject({
  id: stepId,
  mail: z.strictObject({
    subject: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('of a mail that begins a thread; one that goes on in it has the thread’s, with Re: before it'),
    text: z
      .string()
      .min(1)
      .max(20_000)
      .describe(
        'plain text, with `{{lead.first_name}}`, `{{default lead.first_name "there"}}`, `{{account.name}}`, `{{rep.name}}`, `{{params.…}}`; a name that has no value fails the mail',
      ),
    thread: z
      .enum(['reply', 'new'])
      .default('reply')
      .describe('`reply` goes on in the thread of the mail before it, `new` begins another; the first mail begins one anyway'),
    mode: mode.optional().describe('`auto` or `draft`; default: the sequence’s'),
    due: duration
      .default('1bd')
      .describe('of a draft: by when its rep is to have looked through it; then they are reminded, and every two business days after'),
    anytime: z.boolean().default(false).describe('leaves at any hour, public holidays included'),
  }),
});
export type MailStep = z.infer<ReturnType<() => typeof schema>>;

/** A mail or a draft that has not come to an end is looked at again after this long, though its end wakes the run at once. */
const LOOK_AGAIN = '1d';
const DRAFT_LOOK = '7d';

const modeOf = ({ mail: { mode: own } }: MailStep, { sequence }: Campaign): Mode => own ?? sequence?.mode ?? 'auto';

/** `{ id: hello, mail: { subject: …, text: … } }`: a letter from the rep to one person, in one thread with those before it. */
export const mail = defineStep({
  kind: 'mail',
  of: 'sequence',
  stops: true,
  needsReader: true,
  schema: () => schema,
  needs: () => ['draft'],
  lint(step, { campaign, letterFaults }) {
    if (!campaign.sequence)
      return [{ reason: "'mail' is a letter from a rep, and a campaign has none", mend: 'say send: <template>, or make it a sequence' }];
    return letterFaults?.(step.mail) ?? [];
  },
  decide(input) {
    const { step, enrolment } = input;
    const sendKey = `${enrolment.id}/${step.id}/1`;
    if (enrolment.waiting === `send:${sendKey}`) return afterwards(input);
    if (enrolment.waiting === `draft:${sendKey}`) return looked(sendKey, input);
    return write(sendKey, input);
  },
  words: ({ mail: { subject } }) => (subject ? `write “${subject}”` : 'write again in the thread'),
  why: {
    mail: ({ subject, skipped, mode: how, until, delayed }) => {
      const what = subject === null || subject === undefined ? 'a mail in the thread' : `mail “${value(subject)}”`;
      if (skipped !== undefined) return `${what} left out: ${value(skipped)}`;
      if (how === 'draft') return `${what} drafted, to be looked through by ${value(until)}`;
      return `${what} queued${delayed === undefined ? '' : ` for ${value(until)}, when its window opens`}`;
    },
    draft: ({ draft }) => `the draft ${draft === 'sent' ? 'was sent' : draft === 'skipped' ? 'was skipped by its rep' : value(draft)}`,
  },
  about: `For sequences alone (docs/sequences.md): a letter in plain text under the rep’s name, in one thread with those before it (\`In-Reply-To\`, \`References\`),
with no look of a newsletter and no tracking unless the sequence asks for it. It keeps to the sequence’s window in the lead’s own hours, to the rep’s limit a day over all
sequences, and to every suppression; it waits while the lead is out of the office. With \`mode: draft\` its rep looks through it, edits and sends it, or skips it.`,
  example: `- id: hello
  mail:
    subject: Your question about {{default lead.interest "pumps"}}
    text: |
      Dear {{default lead.first_name "colleague"}},

      shall we talk?

      {{rep.name}}
- { id: days, wait: 3bd }
- { id: again, mail: { text: 'Did my letter reach you?', mode: draft } }`,
});

function write(sendKey: string, { step, enrolment, facts, campaign, now }: DecideInput<MailStep>): Outcome {
  const { subject = null, text, thread, due } = step.mail;
  if (!facts.hasEmail) return { go: NEXT, because: { rule: 'mail', subject, skipped: 'no email address' } };
  const how = modeOf(step, campaign);
  const opens = mailLeavesAt(campaign, step, facts, now);
  const dueAt = how === 'draft' ? plus(now, due, facts.zone, facts.calendar) : opens;
  const until = dueAt.toISOString();
  const because = { rule: 'mail', subject, mode: how, ...(how === 'draft' ? { until } : opens > now ? { until, delayed: true } : {}) };
  return {
    stay: plus(dueAt, how === 'draft' ? DRAFT_LOOK : LOOK_AGAIN, facts.zone, facts.calendar),
    waiting: `${how === 'draft' ? 'draft' : 'send'}:${sendKey}`,
    effects: [{ kind: 'personal', sendKey, mode: how, thread, subject, text, dueAt }],
    because,
    ...(enrolment.waiting === null ? {} : { since: now }),
  };
}

/** Nobody is asked whether they saw a letter that never left: where one was refused for good, or could not be made, the run is over. */
function afterwards({ facts, now }: DecideInput<MailStep>): Outcome {
  const { send } = facts;
  if (send?.state !== 'suppressed' && send?.state !== 'failed') return settled(send, { facts, now });
  const exit = send.state === 'failed' ? 'letter_failed' : (send.reason ?? 'suppressed');
  return { exit, because: { rule: 'sent', mail: send.state, reason: send.reason } };
}

/** What became of the draft. Once it is sent, its mail is waited for; it may have been settled already, so that is looked at anew at once. */
function looked(sendKey: string, { facts, now }: DecideInput<MailStep>): Outcome {
  const state = facts.draft?.state ?? 'missing';
  const because = { rule: 'draft', draft: state };
  if (state === 'sent') return { stay: now, waiting: `send:${sendKey}`, because };
  if (state === 'open') return { stay: plus(now, DRAFT_LOOK, facts.zone, facts.calendar), waiting: `draft:${sendKey}`, because };
  return { go: NEXT, because };
}

/** When a letter may next leave for this lead: now, or when its window opens on a day that is no public holiday of theirs. */
export function mailLeavesAt(
  { sending }: Pick<Campaign, 'sending'>,
  { mail: { anytime } }: MailStep,
  { zone, calendar, lead }: Pick<CampaignFacts, 'zone' | 'calendar' | 'lead'>,
  now: Date,
): Date {
  const window = anytime ? null : (sending?.window ?? null);
  if (!window) return now;
  const text = (given: unknown): string | null => (typeof given === 'string' ? given : null);
  const country = calendar.countries ? leadCountry({ country: text(lead['country']), phone: text(lead['phone']) }) : null;
  const { timezone } = sending ?? {};
  // Days without marketing are no days without letters.
  const rules = { window, zone: !timezone || timezone === 'lead' ? zone : timezone, country, calendar: { ...calendar, pauses: [] } };
  return nextLeaving(now, rules).at;
}
