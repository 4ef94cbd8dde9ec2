import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('records and occasions: reading needs read, telling needs write, and a website’s key may do neither', async () => {
  const firm = await workspace();
  const reader = firm.with(await firm.newKey('read'));
  const website = firm.with(await firm.newKey('ingest'));
  const record = { email: 'ana@aguas.example', status: 'sent' };
  const occasion = { name: 'Open day', kind: 'visit', startsAt: '2026-04-10T08:00:00Z', endsAt: '2026-04-10T16:00:00Z' };
  expect(await firm.put('/v1/records/quote/1', record)).toHaveStatus(201);
  expect(await firm.put('/v1/occasions/day', occasion)).toHaveStatus(201);
  for (const [client, status] of [
    [firm.anyone, 401],
    [reader, 403],
    [website, 403],
  ] as const) {
    expect(await client.put('/v1/records/quote/1', record)).toHaveStatus(status);
    expect(await client.post('/v1/records', { items: [{ kind: 'quote', externalId: '2', record }] })).toHaveStatus(status);
    expect(await client.put('/v1/occasions/day', occasion)).toHaveStatus(status);
    expect(await client.post('/v1/occasions/day/guests', { email: 'ana@aguas.example' })).toHaveStatus(status);
  }
  for (const path of ['/v1/records', '/v1/records/quote/1', '/v1/occasions', '/v1/occasions/day', '/v1/occasions/day/guests']) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await website.get(path)).toHaveStatus(403);
    expect(await reader.get(path)).toHaveStatus(200);
  }
});
