import { expect, test } from 'vitest';
import { raiseAlerts } from '../../../db/alerts.ts';
import { workspace } from '../../support/workspace.ts';

test('reading alerts needs read, closing one needs write; one that is not there is said to be so', async () => {
  const firm = await workspace();
  const reader = firm.with(await firm.newKey('read'));
  const ingest = firm.with(await firm.newKey('ingest'));
  await raiseAlerts(firm.pool, [
    { kind: 'lane_stopped', about: 'marketing', detail: { reason: '401' } },
    { kind: 'lane_stopped', about: 'marketing', detail: { reason: '401' } },
    { kind: 'unheard_of', about: 'x', detail: { text: 'As it says itself' } },
  ]);
  expect(await firm.anyone.get('/v1/alerts')).toHaveStatus(401);
  expect(await ingest.get('/v1/alerts')).toHaveStatus(403);
  const answer = await reader.get('/v1/alerts');
  expect(answer).toHaveStatus(200);
  const { items } = (await answer.json()) as { items: { id: string; kind: string; times: number; text: string }[] };
  expect(new Set(items.map(({ kind, times, text }) => `${kind} ${times}: ${text}`))).toEqual(
    new Set([
      'lane_stopped 2: The lane marketing stands still: 401. Nothing is lost: what is due waits.',
      'unheard_of 1: As it says itself',
    ]),
  );

  const path = `/v1/alerts/${items[0]!.id}/close`;
  expect(await firm.anyone.post(path)).toHaveStatus(401);
  expect(await reader.post(path)).toHaveStatus(403);
  expect(await firm.post('/v1/alerts/nothing/close')).toHaveStatus(422);
  expect(await firm.post('/v1/alerts/01900000-0000-7000-8000-000000000000/close')).toHaveStatus(404);
  expect(await firm.post(path)).toHaveStatus(200);
  expect(await (await firm.post(path)).json()).toMatchObject({ closedBy: 'admin' });
  expect(((await (await reader.get('/v1/alerts')).json()) as { items: unknown[] }).items).toHaveLength(1);
  expect(((await (await reader.get('/v1/alerts?open=false')).json()) as { items: unknown[] }).items).toHaveLength(2);
  expect(await reader.get('/v1/alerts?open=perhaps')).toHaveStatus(422);
});
