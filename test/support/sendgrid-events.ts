import { expect } from 'vitest';
import type { FakeSendgrid, SendgridEvent } from './fake-sendgrid.ts';
import type { Workspace } from './workspace.ts';

export interface Taken {
  fresh: number;
  known: number;
  ignored: number;
}

/** Posts a batch as SendGrid does, signed by the fake; answers what was made of it. */
export async function tell(firm: Workspace, fake: FakeSendgrid, ...events: SendgridEvent[]): Promise<Taken> {
  const { body, headers } = fake.batch(events);
  const answer = await firm.anyone.post('/hooks/sendgrid/events', body, headers);
  expect(answer).toHaveStatus(200);
  return (await answer.json()) as Taken;
}

/** Everything that stands there after events were told, ids left out, so that two ways of telling can be compared. */
export async function effectsOf({ pool }: Workspace): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select (select json_agg(json_build_array(kind, key, address, group_id, reason, status, told_real) order by key) from delivery_event) as told,
            (select json_agg(json_build_array(address, kind, scope, source) order by address, kind) from suppression) as suppressed,
            (select json_agg(json_build_array(send_key, state, reason) order by send_key) from send) as sends,
            (select json_agg(json_build_array(kind, about, times) order by kind, about) from alert) as alerts,
            (select json_agg(json_build_array(l.email, h.kind, h.link, h.signs) order by l.email, h.kind, h.link, h.signs) from hit h join lead l on l.id = h.lead_id) as hits,
            (select json_agg(json_build_array(l.email, e.name, e.properties - 'send' - 'enrolment') order by l.email, e.name, e.properties - 'send' - 'enrolment') from event e join lead l on l.id = e.lead_id
              where e.source = 'sendgrid') as events,
            (select json_agg(json_build_array(l.email, k.topic, k.granted) order by l.email, k.topic)
               from lead l cross join lateral (select distinct on (topic) topic, granted from consent where lead_id = l.id order by topic, id desc) k) as consents`,
  );
  return rows[0]!;
}
