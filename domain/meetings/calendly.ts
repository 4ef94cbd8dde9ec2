import { z } from 'zod';
import { isZone } from '../calendar/zoned.ts';
import { normaliseEmail } from '../identity/email.ts';
import type { NewPerson } from '../identity/person.ts';
import type { Invitation } from './meeting.ts';
import { storable } from '../storable.ts';

/** What Calendly's webhooks tell, as far as it means something here. */
export type Told =
  | { kind: 'booked' | 'canceled'; invitation: Invitation; person: NewPerson; details: Record<string, unknown> }
  | { kind: 'form'; uri: string; submitter: string | null; person: NewPerson | null; details: Record<string, unknown> };

const short = z.string().max(500);
const maybe = short.nullish().catch(null);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const answers = z
  .array(z.object({ question: short, answer: z.string().nullish() }))
  .max(100)
  .catch([]);
const tracking = z.record(z.string(), z.string().nullable()).catch({});

const invitee = z.object({
  uri: short,
  email: short,
  name: maybe,
  first_name: maybe,
  last_name: maybe,
  timezone: maybe,
  rescheduled: z.boolean().nullish().catch(null),
  old_invitee: maybe,
  questions_and_answers: answers,
  tracking,
  cancellation: z.object({ reason: maybe, canceler_type: maybe }).nullish().catch(null),
  scheduled_event: z.object({
    uri: short,
    name: short,
    start_time: instant,
    end_time: instant.nullish().catch(null),
    location: z.object({ type: maybe, location: maybe, join_url: maybe }).nullish().catch(null),
    event_memberships: z
      .array(z.object({ user_email: short }))
      .max(50)
      .catch([]),
  }),
});

const submission = z.object({ uri: short, submitter: maybe, questions_and_answers: answers, tracking });

const hook = z.discriminatedUnion('event', [
  z.object({ event: z.literal('invitee.created'), payload: invitee }),
  z.object({ event: z.literal('invitee.canceled'), payload: invitee }),
  z.object({ event: z.literal('routing_form_submission.created'), payload: submission }),
]);
const known = new Set<unknown>(hook.options.map((option) => option.shape.event.value));

/**
 * A webhook of Calendly's as the bare facts. 'other': of a kind that means nothing here. Throws a ZodError where it is one that does, and is not made
 * as theirs are.
 */
export function readCalendly(body: unknown): Told | 'other' {
  if (!known.has((body as { event?: unknown } | null)?.event)) return 'other';
  const { event, payload } = hook.parse(body);
  return event === 'routing_form_submission.created'
    ? formOf(payload)
    : invitationOf(event === 'invitee.created' ? 'booked' : 'canceled', payload);
}

function invitationOf(kind: 'booked' | 'canceled', payload: z.infer<typeof invitee>): Told {
  const { scheduled_event: meeting, cancellation, location } = { ...payload, location: payload.scheduled_event.location };
  const email = normaliseEmail(payload.email);
  if (email === null)
    throw new z.ZodError([{ code: 'custom', path: ['payload', 'email'], message: 'is not an address', input: undefined }]);
  const timezone = payload.timezone && isZone(payload.timezone) ? payload.timezone : null;
  return {
    kind,
    invitation: {
      uri: nameOf(payload.uri),
      insteadOf: payload.old_invitee ? nameOf(payload.old_invitee) : null,
      moved: payload.rescheduled === true,
      name: meeting.name,
      startsAt: meeting.start_time,
      endsAt: meeting.end_time ?? null,
      timezone,
      location: location?.join_url ?? location?.location ?? location?.type ?? null,
      hosts: meeting.event_memberships.flatMap(({ user_email: host }) => normaliseEmail(host) ?? []),
      reason: cancellation?.reason || null,
      byHost: cancellation?.canceler_type === 'host',
    },
    person: {
      email,
      name: payload.name,
      firstName: payload.first_name,
      lastName: payload.last_name,
      timezone,
      ...touchIn(payload.tracking),
    },
    details: answersIn(payload.questions_and_answers),
  };
}

function formOf({ uri, submitter, questions_and_answers: given, tracking: utm }: z.infer<typeof submission>): Told {
  const email = given.map(({ answer }) => normaliseEmail(answer)).find((one) => one !== null);
  return {
    kind: 'form',
    uri,
    submitter: submitter ? nameOf(submitter) : null,
    person: email ? { email, ...touchIn(utm) } : null,
    details: answersIn(given),
  };
}

/** The same invitation is named with and without `api.`. */
const nameOf = (uri: string): string => uri.replace(/^https?:\/\/(api\.)?calendly\.com/i, 'https://api.calendly.com');

const LONGEST_ANSWER = 2_000;

const answersIn = (given: z.infer<typeof answers>): Record<string, unknown> =>
  given.length === 0
    ? {}
    : { answers: Object.fromEntries(given.map(({ question, answer }) => [question, storable(answer ?? '', LONGEST_ANSWER)])) };

function touchIn(utm: z.infer<typeof tracking>): Pick<NewPerson, 'firstTouch' | 'lastTouch'> {
  const said = Object.entries(utm).flatMap(([name, value]) =>
    name.startsWith('utm_') && value ? [[name.slice(4), storable(value, 200)]] : [],
  );
  const touch = said.length > 0 ? { utm: Object.fromEntries(said) as Record<string, string> } : null;
  return touch ? { firstTouch: touch, lastTouch: touch } : {};
}
