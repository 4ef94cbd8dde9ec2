import { z } from 'zod';
import { recordKinds } from '../records/record.ts';
import { type Typed, typedByName } from './attributes.ts';

/** One event of a workspace: what it means, and the types of its properties. */
const event = z.strictObject({ description: z.string().optional(), properties: typedByName.default({}) });

/** The document `events`: by name, what websites, products and back-ends tell us of. */
export const eventsSchema = z.record(
  z.string().regex(/^[A-Za-z][\w .:-]{0,99}$/, 'a name such as pricing_viewed'),
  z.union([z.null().transform(() => ({ properties: {} as Record<string, Typed> })), event]),
);
export type Events = z.infer<typeof eventsSchema>;

/** What is told of every guest of an occasion. */
const guest = { occasion: 'text', occasion_name: 'text', occasion_kind: 'text' } as const;

/** What every event of a record tells, such as `contract_renewed`: which statuses there are, the workspace declares. */
export function recordProperties(name: string): Readonly<Record<string, Typed>> | undefined {
  const kind = recordKinds.find((one) => name.startsWith(`${one}_`));
  return kind && { [kind]: 'text', record_kind: 'text', status: 'text', amount: 'number', currency: 'text', products: 'text' };
}

/** What Calendly tells of a meeting. */
const meeting = {
  meeting: 'text',
  name: 'text',
  starts: 'date',
  ends: 'date',
  timezone: 'text',
  location: 'text',
  rep: 'text',
  host: 'text',
} as const;

/**
 * Events of our own making, there whether or not the workspace declares them; null: their properties are as many as callers send.
 * A declaration of the same name adds properties.
 */
export const ownEvents: Readonly<Record<string, Readonly<Record<string, Typed>> | null>> = {
  form_submitted: null,
  page_viewed: null,
  email_bounced: { enrolment: 'text', step: 'text', campaign: 'text', permanent: 'boolean', reason: 'text', status: 'text' },
  email_complained: { step: 'text', campaign: 'text' },
  email_opened: { enrolment: 'text', step: 'text', campaign: 'text' },
  email_clicked: { enrolment: 'text', step: 'text', link: 'text', campaign: 'text' },
  email_replied: { enrolment: 'text', step: 'text', campaign: 'text' },
  email_auto_replied: { enrolment: 'text', step: 'text', campaign: 'text', away: 'boolean', returns: 'date' },
  meeting_booked: meeting,
  meeting_rescheduled: meeting,
  meeting_canceled: { ...meeting, reason: 'text', by: 'text' },
  routing_form_submitted: { form: 'text' },
  unsubscribed: { topic: 'text' },
  subscription_confirmed: { topic: 'text', text_version: 'text' },
  consent_expiring: { topic: 'text', expires_at: 'date', basis: 'text' },
  invited: guest,
  registered: guest,
  attended: guest,
  no_show: guest,
  task_done: { task: 'text', outcome: 'text', campaign: 'text', step: 'text' },
  opportunity_accepted: null,
  opportunity_touched: null,
  opportunity_snoozed: { opportunity: 'text', rep: 'text', until: 'date', reason: 'text', times: 'number' },
  opportunity_changed: null,
  email_sent_by_rep: { rep: 'text', opportunity: 'text' },
  opportunity_rejected: null,
  opportunity_resumed: null,
  opportunity_won: null,
  opportunity_lost: null,
};
