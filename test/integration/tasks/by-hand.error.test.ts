import { expect, test } from 'vitest';
import { addLeads, bodyOf } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

test('what is no task is refused, with the reason where it is', async () => {
  const firm = await workspace({ reps: ['ana', 'leo'], at: '2026-03-06T09:00:00Z' });
  const [lead] = await addLeads(firm.pool, 1);
  await firm.pool.query(`update rep set active = false where key = 'leo'`);
  const none = '018f3c2e-0000-7000-8000-000000000000';
  const refused = async (body: object) => (await firm.post('/v1/tasks', body)).status;
  expect(await refused({ title: 'Call' })).toBe(422);
  expect(await refused({ lead, account: none, title: 'Call' })).toBe(422);
  expect(await refused({ lead, title: ' ' })).toBe(422);
  expect(await refused({ lead, title: 'Call', kind: 'fax' })).toBe(422);
  expect(await refused({ lead, title: 'Call', due: 'soon' })).toBe(422);
  expect(await refused({ lead, title: 'Call', outcomes: ['Not now'] })).toBe(422);
  expect(await refused({ lead, title: 'Call', owner: 'zoe' })).toBe(422);
  expect(await refused({ lead, title: 'Call', owner: 'leo' })).toBe(422);
  expect(await refused({ lead: 'nobody@x.example', title: 'Call' })).toBe(404);
  expect(await refused({ account: none, title: 'Call' })).toBe(404);
  expect(await refused({ opportunity: none, title: 'Call' })).toBe(404);

  const { id } = await bodyOf<{ id: string }>(firm.post('/v1/tasks', { lead, title: 'Call', owner: 'ana' }));
  const past = '2026-03-06T08:00:00Z';
  expect((await firm.post(`/v1/tasks/${id}/snooze`, { until: past })).status).toBe(422);
  expect((await firm.post(`/v1/tasks/${id}/move`, { due: past })).status).toBe(422);
  expect((await firm.post(`/v1/tasks/${none}/snooze`, { until: '1d' })).status).toBe(404);
  await firm.post(`/v1/tasks/${id}/cancel`, {});
  expect((await firm.post(`/v1/tasks/${id}/snooze`, { until: '1d' })).status).toBe(409);
  expect((await firm.post(`/v1/tasks/${id}/move`, { due: '1d' })).status).toBe(409);
  expect((await firm.get('/v1/reps/zoe/day')).status).toBe(404);
  expect((await firm.get('/v1/reps/ana/day?date=someday')).status).toBe(422);
  expect((await firm.put('/v1/reps/leo/day-mail', { wanted: true })).status).toBe(409);
});
