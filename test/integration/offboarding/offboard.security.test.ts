import { expect, test } from 'vitest';
import { handOverAll } from '../../support/leaving.ts';
import { workspace } from '../../support/workspace.ts';

test('only an admin’s key makes somebody leave; nothing that they were given opens a door afterwards', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const body = { dryRun: true };
  for (const path of ['/v1/reps/ana/offboard', '/v1/reps/ana/offboard/cancel', '/v1/reps/ana/return']) {
    expect((await firm.anyone.post(path, body)).status).toBe(401);
    expect((await firm.with(await firm.newKey('write')).post(path, body)).status).toBe(403);
  }
  const reader = firm.with(await firm.newKey('read'));
  expect((await firm.anyone.get('/v1/reps/ana/day')).status).toBe(401);
  expect((await firm.with(await firm.newKey('ingest')).get('/v1/reps/ana/day')).status).toBe(403);
  expect((await reader.get('/v1/reps/ana/day')).status).toBe(200);
  expect((await reader.put('/v1/reps/ana/day-mail', { wanted: true })).status).toBe(403);
  expect((await reader.post('/v1/tasks', { account: '018f3c2e-0000-7000-8000-000000000000', title: 'Call' })).status).toBe(403);
  expect((await firm.anyone.get('/day/abc')).status).toBe(404);

  const { rows } = await firm.pool.query<{ id: string }>(`insert into account (name) values ('Firm') returning id`);
  const task = await firm.post('/v1/tasks', { account: rows[0]!.id, owner: 'ana', title: 'Call', due: '1bd' });
  expect(task.status).toBe(201);
  const { rows: mails } = await firm.pool.query<{ url: string }>(`select params ->> 'taskUrl' as url from send where template = 'task'`);
  const link = new URL(mails[0]!.url).pathname;
  expect((await firm.anyone.get(link)).status).toBe(200);
  await firm.post('/v1/reps/ana/offboard', {});
  expect((await firm.anyone.get(link)).status).toBe(404);
  await handOverAll(firm, 'ana');
  expect((await firm.anyone.get(link)).status).toBe(410);
  expect((await firm.anyone.post(link, { outcome: 'done' })).status).toBe(410);
});
