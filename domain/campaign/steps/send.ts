import { z } from 'zod';
import { type Duration, duration, plus } from '../../calendar/duration.ts';
import { leadCountry } from '../../calendar/lead-zone.ts';
import { type Leaving, nextLeaving, type Shut } from '../../calendar/leaving.ts';
import { value } from '../../words/value.ts';
import { dateNeeds, moment, type Moment, resolveMoment } from '../dates.ts';
import type { Campaign } from '../document.ts';
import { type CampaignFacts, type DecideInput, defineStep, NEXT, type Outcome, type SendFact } from '../step.ts';
import { type Held, heldWords, waitingFor } from '../turn.ts';
import { stepId } from './step-id.ts';

const options = z.strictObject({
  template: z.string().min(1).describe('the name of the mail in templates/'),
  class: z
    .enum(['transactional', 'marketing'])
    .optional()
    .describe('`transactional` (a confirmation, a ticket) ignores windows, caps, priority and marketing consent; default: the campaign’s'),
  from: z.string().optional().describe('`owner`, or a named sender; default: the campaign’s, else the workspace’s'),
  notAfter: z
    .union([duration, moment])
    .optional()
    .describe('left out when it would leave later: so long after the step was reached, or a date such as `occasion.starts_at`'),
  params: z.record(z.string(), z.unknown()).default({}).describe('values for the template, under its own names'),
  anytime: z.boolean().default(false).describe('marketing that ignores the window and public holidays; pause dates hold it nevertheless'),
});
const schema = z.strictObject({ id: stepId, send: z.union([z.string().min(1), options]) });
export type Send = z.infer<typeof schema>;

type Options = z.infer<typeof options>;

/** A step is asked for them several times for each lead. */
const known = new WeakMap<Send, Options>();

function optionsOf(step: Send): Options {
  const found = known.get(step);
  if (found) return found;
  const given = typeof step.send === 'string' ? options.parse({ template: step.send }) : step.send;
  known.set(step, given);
  return given;
}

/** An unsettled mail is looked at again after this long, though its settling wakes the enrolment at once. */
const LOOK_AGAIN = '1d';
/** How long a mail nobody can vouch for holds its enrolment. */
const UNKNOWN_HOLDS = '1d';
const isDuration = (given: Moment): given is Duration => duration.safeParse(given).success;

/** It was queued, and fell due while the campaign was paused: what comes next counts from when it would have gone. */
const LEFT_OUT = 'paused';
/** Why a mail was refused that means no mail of ours will ever do: the enrolment ends. */
const FINAL_REASONS = new Set(['address_dead', 'complained', 'unsubscribed']);

/**
 * `{ id: hello, send: welcome }` or `{ id: hello, send: { template: welcome, notAfter: 5d } }`: queue a mail and wait until
 * the ledger has settled it. Marketing mail keeps to the campaign's window unless `anytime: true`; `transactional` ignores it.
 */
export const send = defineStep({
  kind: 'send',
  stops: true,
  schema: () => schema,
  needs(step) {
    const { notAfter } = optionsOf(step);
    return notAfter === undefined || isDuration(notAfter) ? [] : dateNeeds(notAfter);
  },
  mail: (step, campaign) => ({ template: optionsOf(step).template, params: optionsOf(step).params, class: classOf(campaign, step) }),
  lint(step, { campaign, hasTemplate }) {
    const { template } = optionsOf(step);
    if (campaign.sequence)
      return [
        { reason: "'send' sends as a campaign does", mend: 'say mail: { subject: …, text: … }, which goes from the rep, in one thread' },
      ];
    return hasTemplate(template)
      ? []
      : [{ reason: `there is no template '${template}'`, mend: `add templates/${template}.mjml or name one that is there` }];
  },
  decide(input) {
    const sendKey = `${input.enrolment.id}/${input.step.id}/1`;
    if (input.enrolment.waiting === `send:${sendKey}`) return settled(input.facts.send, input);
    return queue(sendKey, input);
  },
  words: (step) => `send ${optionsOf(step).template}`,
  why: {
    send: ({ template, skipped, held, until, dropped, delayed, leaves, language }) => {
      if (skipped !== undefined) return `mail ${value(template)} skipped: ${value(skipped)}`;
      if (dropped !== undefined) return `mail ${value(template)} not sent: ${value(dropped)}`;
      if (typeof held === 'object') return `mail ${value(template)} held back until ${value(until)}: ${heldWords(held as Held)}`;
      if (held !== undefined) return `mail ${value(template)} held back: ${value(held)}`;
      const reader = language === undefined ? '' : `, for a reader of ${value(language)}`;
      return `mail ${value(template)} queued${reader}${delayed ? ` for ${value(leaves)}: ${delayWords(delayed as Delay)}` : ''}`;
    },
    sent: ({ mail, reason, flagged }) =>
      `mail ${value(mail)}${reason === null || reason === undefined ? '' : ` (${value(reason)})`}${flagged ? ', nobody knows whether it arrived' : ''}`,
  },
  about: `Queues a mail and waits until it is accepted, so that a wait behind it counts from then. Marketing keeps to the campaign’s window in the lead’s own hours, to public holidays of the lead’s country and to the calendar’s pause dates; it waits while the lead is with sales or paused, while its company has complained or has an open service case, while a campaign with a higher priority has the lead, while the company has as many people in outreach as \`account.max\` allows, and while a cap is full; a throttle (\`sending.rate\`) gives it its place. Whatever delays it stands in the journal with the reason and until when; what is held is decided anew then. A mail that was suppressed, cancelled or has failed is gone without; where the address is dead or all marketing is refused the lead leaves the campaign. A lead without an address skips it. \`notAfter\` with a date nobody knows is no limit.`,
  example: `- { id: hello, send: welcome }
- id: case
  send: { template: case-study, from: owner, notAfter: 5d }
- id: soon
  send: { template: last-call, class: transactional, notAfter: lead.trial_ends }`,
});

/** What put a mail off: the calendar, or its place in the throttle. */
type Delay = Shut | { by: 'rate'; rate: string };

function delayWords(delay: Delay): string {
  switch (delay.by) {
    case 'window':
      return 'when its window opens';
    case 'holiday':
      return `${delay.date} is a public holiday`;
    case 'pause':
      return `no marketing on ${delay.date}${delay.reason ? ` (${delay.reason})` : ''}`;
    case 'rate':
      return `its place at ${delay.rate}`;
  }
}

const classOf = (campaign: Campaign, step: Send): 'transactional' | 'marketing' => optionsOf(step).class ?? campaign.class;

function queue(sendKey: string, { step, enrolment, facts, campaign, now }: DecideInput<Send>): Outcome {
  const { template, from, notAfter, params } = optionsOf(step);
  const mailClass = classOf(campaign, step);
  const skip = (reason: string) => ({ go: NEXT, because: { rule: 'send', skipped: reason, template } });
  if (!facts.hasEmail) return skip('no email address');
  const fellDue = fellDueAt(enrolment);
  // Clocks ran on while it was paused: what comes next counts from when this mail would have gone.
  if (facts.skipBefore && fellDue && fellDue < facts.skipBefore) return { ...skip('fell due while the campaign was paused'), at: fellDue };
  const latest = latestOf(notAfter, enrolment, facts);
  if (latest && now > latest) return skip('too late');
  const hold = (until: Date, waiting: string, because: object): Outcome => ({
    // Past its latest it is skipped: that is looked at as soon as it is so.
    stay: latest && latest < until ? new Date(latest.getTime() + 1) : until,
    waiting,
    because: { rule: 'send', template, ...because },
  });
  if (mailClass === 'marketing' && facts.withSales)
    return hold(plus(now, LOOK_AGAIN, facts.zone, facts.calendar), 'sales', { held: 'with sales' });
  const turn = facts.turns?.get(sendKey);
  if (turn?.as === 'dropped') return { exit: turn.reason, because: { rule: 'send', template, dropped: turn.reason } };
  if (turn?.as === 'held') return hold(turn.until, waitingFor(turn), { held: turn.held, until: turn.until.toISOString() });
  const opens = leavesAt(campaign, step, facts, now);
  const placed = turn?.as === 'placed' && turn.at > opens.at ? turn : null;
  const dueAt = placed?.at ?? opens.at;
  if (latest && dueAt > latest) return skip(placed ? 'its place at the campaign’s rate comes too late' : 'its window opens too late');
  const delayed: Delay | null = placed ? { by: 'rate', rate: placed.rate } : opens.shut;
  return {
    stay: plus(dueAt, LOOK_AGAIN, facts.zone, facts.calendar),
    waiting: `send:${sendKey}`,
    effects: [
      {
        kind: 'send',
        sendKey,
        template,
        class: mailClass,
        sender: from ?? campaign.from ?? null,
        params: { ...params, entry: enrolment.entry },
        dueAt,
        notAfter: latest,
      },
    ],
    because: {
      rule: 'send',
      template,
      ...(facts.language ? { language: facts.language } : {}),
      ...(delayed ? { delayed, leaves: dueAt.toISOString() } : {}),
    },
  };
}

/** When a mail that is not queued yet was due: when its step was reached, or when the cap that holds it ends; null: nobody knows when what holds it ends. */
function fellDueAt({ waiting, arrivedAt }: DecideInput<Send>['enrolment']): Date | null {
  if (waiting === null) return arrivedAt;
  const [, until] = /^held:cap:(.+)$/.exec(waiting) ?? [];
  return until === undefined ? null : new Date(until);
}

function latestOf(notAfter: Moment | undefined, enrolment: DecideInput<Send>['enrolment'], facts: CampaignFacts): Date | null {
  if (notAfter === undefined) return null;
  return isDuration(notAfter) ? plus(enrolment.arrivedAt, notAfter, facts.zone, facts.calendar) : resolveMoment(notAfter, facts, enrolment);
}

/** The mail that a step sends. */
export const templateOf = (step: Send): string => optionsOf(step).template;

/** Whether it is marketing that a step sends. */
export const sendsMarketing = (campaign: Campaign, step: Send): boolean => classOf(campaign, step) === 'marketing';

/** When this step's mail may next leave for this lead: now, or when its window opens on a day on which marketing leaves. */
export function leavesAt(
  campaign: Campaign,
  step: Send,
  { zone, calendar, lead }: Pick<CampaignFacts, 'zone' | 'calendar' | 'lead'>,
  now: Date,
): Leaving {
  if (classOf(campaign, step) !== 'marketing') return { at: now, shut: null };
  const { window, timezone } = campaign.sending ?? {};
  const hours = optionsOf(step).anytime ? null : (window ?? null);
  const country = hours && calendar.countries ? leadCountry({ country: text(lead['country']), phone: text(lead['phone']) }) : null;
  return nextLeaving(now, { window: hours, zone: !timezone || timezone === 'lead' ? zone : timezone, country, calendar });
}

const text = (given: unknown): string | null => (typeof given === 'string' ? given : null);

/** What follows once a mail that was waited for has come to an end, or has not. */
export function settled(mail: SendFact | null, { facts, now }: Pick<DecideInput<unknown>, 'facts' | 'now'>): Outcome {
  const because = { rule: 'sent', mail: mail?.state ?? 'missing', reason: mail?.reason ?? null };
  switch (mail?.state) {
    case 'accepted':
      return { go: NEXT, at: mail.settledAt ?? now, because };
    case 'suppressed':
    case 'cancelled':
    case 'failed':
      if (mail.reason !== null && FINAL_REASONS.has(mail.reason)) return { exit: mail.reason, because };
      return mail.reason === LEFT_OUT ? { go: NEXT, at: mail.dueAt, because } : { go: NEXT, because };
    case 'unknown': {
      const until = plus(mail.unknownAt ?? now, UNKNOWN_HOLDS, facts.zone, facts.calendar);
      return now < until ? { stay: until, waiting: `send:${mail.sendKey}`, because } : { go: NEXT, because: { ...because, flagged: true } };
    }
    case undefined:
      return { go: NEXT, because };
    default:
      return { stay: plus(now, LOOK_AGAIN, facts.zone, facts.calendar), waiting: `send:${mail!.sendKey}`, because };
  }
}
