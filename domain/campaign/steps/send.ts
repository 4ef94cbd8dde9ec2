import { z } from 'zod';
import { duration, plus } from '../../calendar/duration.ts';
import { nextOpen } from '../../calendar/hours.ts';
import type { Campaign } from '../document.ts';
import { type CampaignFacts, type DecideInput, defineStep, NEXT, type Outcome, type SendFact } from '../step.ts';
import { stepId } from './step-id.ts';

const options = z.strictObject({
  template: z.string().min(1),
  class: z.enum(['transactional', 'marketing']).optional(),
  from: z.string().optional(),
  notAfter: duration.optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  anytime: z.boolean().default(false),
});
const schema = z.strictObject({ id: stepId, send: z.union([z.string().min(1), options]) });
export type Send = z.infer<typeof schema>;

const optionsOf = ({ send }: Send): z.infer<typeof options> => (typeof send === 'string' ? options.parse({ template: send }) : send);

/** An unsettled mail is looked at again after this long, though its settling wakes the enrolment at once. */
const LOOK_AGAIN = '1d';
/** How long a mail nobody can vouch for holds its enrolment. */
const UNKNOWN_HOLDS = '1d';
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
  lint(step, { hasTemplate }) {
    const { template } = optionsOf(step);
    return hasTemplate(template)
      ? []
      : [{ reason: `there is no template '${template}'`, mend: `add templates/${template}.mjml or name one that is there` }];
  },
  decide(input) {
    const sendKey = `${input.enrolment.id}/${input.step.id}/1`;
    if (input.enrolment.waiting === `send:${sendKey}`) return afterwards(input.facts.send, input);
    return queue(sendKey, input);
  },
  words: (step) => `send ${optionsOf(step).template}`,
});

const classOf = (campaign: Campaign, step: Send): 'transactional' | 'marketing' => optionsOf(step).class ?? campaign.class;

function queue(sendKey: string, { step, enrolment, facts, campaign, now }: DecideInput<Send>): Outcome {
  const { template, from, notAfter, params } = optionsOf(step);
  const mailClass = classOf(campaign, step);
  const skip = (reason: string) => ({ go: NEXT, because: { rule: 'send', skipped: reason, template } });
  if (!facts.hasEmail) return skip('no email address');
  // Clocks ran on while it was paused: what comes next counts from when this mail would have gone.
  if (facts.skipBefore && enrolment.arrivedAt <= facts.skipBefore)
    return { ...skip('fell due while the campaign was paused'), at: enrolment.arrivedAt };
  const latest = notAfter ? plus(enrolment.arrivedAt, notAfter, facts.zone, facts.calendar) : null;
  if (latest && now > latest) return skip('too late');
  if (mailClass === 'marketing' && facts.withSales) {
    return {
      stay: plus(now, LOOK_AGAIN, facts.zone, facts.calendar),
      waiting: 'sales',
      because: { rule: 'send', held: 'with sales', template },
    };
  }
  const dueAt = leavesAt(campaign, step, facts, now);
  if (latest && dueAt > latest) return skip('its window opens too late');
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
    because: { rule: 'send', template, ...(dueAt > now ? { window: dueAt.toISOString() } : {}) },
  };
}

/** When this step's mail may next leave for this lead: now, or when the campaign's window opens. */
export function leavesAt(campaign: Campaign, step: Send, { zone, calendar }: Pick<CampaignFacts, 'zone' | 'calendar'>, now: Date): Date {
  const { window, timezone } = campaign.sending ?? {};
  if (!window || classOf(campaign, step) !== 'marketing' || optionsOf(step).anytime) return now;
  return nextOpen(now, window, !timezone || timezone === 'lead' ? zone : timezone, calendar.holidays);
}

function afterwards(mail: SendFact | null, { facts, now }: DecideInput<Send>): Outcome {
  const because = { rule: 'sent', mail: mail?.state ?? 'missing', reason: mail?.reason ?? null };
  switch (mail?.state) {
    case 'accepted':
      return { go: NEXT, at: mail.settledAt ?? now, because };
    case 'suppressed':
    case 'cancelled':
    case 'failed':
      return mail.reason !== null && FINAL_REASONS.has(mail.reason) ? { exit: mail.reason, because } : { go: NEXT, because };
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
