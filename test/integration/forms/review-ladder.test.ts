import { expect, test } from 'vitest';
import { climbReviews } from '../../../db/reviews.ts';
import { inTransaction } from '../../../db/pool.ts';
import { bodyOf } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

const sla = {
  alerts: { slack: 'sales' },
  review: {
    rungs: [
      { after: '1h', do: 'nudge' },
      { after: '3h', clock: 'wall', do: 'alert' },
      { after: '1bd', do: 'breach' },
    ],
    again: '1bd',
  },
};

interface Breaches {
  items: { submissionId: string; promise: string; endedAt: string | null; rep: null }[];
}

test('what waits for somebody’s eye climbs a ladder: each rung once for all, a breach until somebody looks, and reminders', async () => {
  const form = { key: 'contact', name: 'Contact', purpose: 'contact' };
  const firm = await workspace({ at: '2026-11-20T15:30:00Z', documents: { form: { contact: form }, sla: { default: sla } } });
  await firm.pool.query(`insert into rep (key, name, email, manager) values ('mia', 'Mia', 'mia@firm.example', true)`);
  for (const message of ['Hello', 'Anybody there?'])
    expect(await firm.anyone.post('/f/contact', { name: 'No Address', message })).toHaveStatus(202);
  const told = async () => {
    await inTransaction(firm.pool, climbReviews);
    await inTransaction(firm.pool, climbReviews);
    const { rows } = await firm.pool.query<{ what: string }>(
      `select split_part(send_key, '/', 1) || ' ' || (params ->> 'count') as what from send
       union all select split_part(call_key, '/', 1) from outgoing_call order by 1`,
    );
    return rows.map((row) => row.what);
  };

  expect(await told()).toEqual([]);
  await firm.jump('2026-11-20T18:30:00Z');
  expect(await told()).toEqual(['review-alert', 'review-nudge 2']);
  await firm.jump('2026-11-23T15:30:00Z');
  expect(await told()).toEqual(['review-alert', 'review-breach', 'review-breach 2', 'review-nudge 2']);
  const { items } = await bodyOf<Breaches>(firm.get('/v1/opportunities/breaches?promise=review'));
  expect(items).toMatchObject(Array.from({ length: 2 }, () => ({ promise: 'review', rep: null, endedAt: null })));

  await firm.jump('1h');
  expect((await firm.post(`/v1/submissions/${items[0]!.submissionId}/discard`, {})).status).toBe(200);
  expect((await bodyOf<Breaches>(firm.get('/v1/opportunities/breaches?open=true'))).items).toHaveLength(1);
  await firm.jump('2026-11-30T12:00:00Z');
  expect((await told()).filter((what) => what.startsWith('review-manager'))).toEqual(['review-manager', 'review-manager 1']);
});
