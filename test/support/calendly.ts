import { createHmac } from 'node:crypto';
import type { Workspace } from './workspace.ts';

/** Settings of a firm that listens to Calendly. */
export const calendlyEnv = { CALENDLY_SIGNING_KEY: 'the-key-of-calendly' };

/** The header that Calendly signs a body with. `at`: real time. */
export function calendlySignature(body: string, { key = calendlyEnv.CALENDLY_SIGNING_KEY, at = Date.now() } = {}): string {
  const t = Math.floor(at / 1_000);
  return `t=${t},v1=${createHmac('sha256', key).update(`${t}.${body}`).digest('hex')}`;
}

/** Calendly tells of something; answers what we said. */
export async function calendlyTells(firm: Workspace, hook: object): Promise<{ as: string; leadId: string | null }> {
  const body = JSON.stringify(hook);
  const answer = await firm.anyone.request('/hooks/calendly', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'calendly-webhook-signature': calendlySignature(body) },
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json() as Promise<{ as: string; leadId: string | null }>;
}

export interface Booking {
  /** Names the invitation. */
  id: string;
  email: string;
  starts: string;
  host?: string;
  /** The invitation that it replaces. */
  insteadOf?: string;
  timezone?: string;
}

const uriOf = (id: string): string => `https://api.calendly.com/scheduled_events/EVENT${id}/invitees/INVITEE${id}`;

/** `invitee.created` as Calendly writes it. */
export function booked({ id, email, starts, host = 'ana@firm.example', insteadOf, timezone = 'Asia/Tokyo' }: Booking) {
  return {
    event: 'invitee.created',
    created_at: '2026-03-02T09:00:00.000000Z',
    created_by: 'https://api.calendly.com/users/US3R',
    payload: {
      uri: uriOf(id),
      event: `https://api.calendly.com/scheduled_events/EVENT${id}`,
      email,
      name: 'Haruka Mori',
      first_name: null,
      last_name: null,
      status: 'active',
      timezone,
      rescheduled: false,
      old_invitee: insteadOf ? uriOf(insteadOf) : null,
      new_invitee: null,
      questions_and_answers: [{ question: 'How many pumps?', answer: '12', position: 0 }],
      tracking: { utm_campaign: 'spring', utm_source: null, utm_medium: null, utm_content: null, utm_term: null, salesforce_uuid: null },
      scheduled_event: {
        uri: `https://api.calendly.com/scheduled_events/EVENT${id}`,
        name: 'Half an hour about pumps',
        status: 'active',
        start_time: starts,
        end_time: new Date(Date.parse(starts) + 1_800_000).toISOString(),
        event_type: 'https://api.calendly.com/event_types/TYP3',
        location: { type: 'zoom', status: 'pushed', join_url: 'https://zoom.example/j/1' },
        event_memberships: [{ user: 'https://api.calendly.com/users/US3R', user_email: host, user_name: 'Ana' }],
        event_guests: [],
      },
    },
  };
}

/** `invitee.canceled` of the same; `moved`: because another replaces it. */
export function canceled(booking: Booking, { moved = false, by = 'invitee', reason = 'Something came up' } = {}) {
  const { payload } = booked(booking);
  return {
    ...booked(booking),
    event: 'invitee.canceled',
    payload: {
      ...payload,
      status: 'canceled',
      rescheduled: moved,
      cancellation: { canceled_by: 'Haruka Mori', reason, canceler_type: by },
    },
  };
}

/** `routing_form_submission.created`. */
export function routingForm({ id, submitter, email }: { id: string; submitter?: string; email?: string }) {
  return {
    event: 'routing_form_submission.created',
    created_at: '2026-03-02T09:00:00.000000Z',
    payload: {
      uri: `https://api.calendly.com/routing_form_submissions/FORM${id}`,
      routing_form: 'https://api.calendly.com/routing_forms/R',
      questions_and_answers: [
        { question_uuid: 'q1', question: 'What do you pump?', answer: 'Slurry' },
        ...(email ? [{ question_uuid: 'q2', question: 'Your email', answer: email }] : []),
      ],
      tracking: { utm_campaign: null },
      submitter: submitter ? uriOf(submitter).replace('api.', '') : null,
      submitter_type: submitter ? 'Invitee' : null,
    },
  };
}
