import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const occasion = { name: 'Open day', kind: 'visit', startsAt: '2026-04-10T08:00:00Z', endsAt: '2026-04-10T16:00:00Z' };

test('what is no occasion, and a list that cannot be read, are refused and change nothing', async () => {
  const firm = await workspace();
  expect(await firm.put('/v1/occasions/Open Day', occasion)).toHaveStatus(422);
  expect(await firm.put('/v1/occasions/day', { ...occasion, endsAt: '2026-04-10T07:00:00Z' })).toHaveStatus(422);
  expect(await firm.put('/v1/occasions/day', { ...occasion, timezone: 'Mars/Olympus' })).toHaveStatus(422);
  expect(await firm.put('/v1/occasions/day', { ...occasion, startsAt: '2026-04-10' })).toHaveStatus(422);
  expect(await firm.get('/v1/occasions/day')).toHaveStatus(404);
  expect(await firm.post('/v1/occasions/day/guests', { email: 'ana@aguas.example' })).toHaveStatus(404);

  await firm.put('/v1/occasions/day', occasion);
  const csv = { 'content-type': 'text/csv' };
  for (const list of ['', 'email', 'email,state\n', 'email\n"ana@aguas.example\n']) {
    expect(await firm.post('/v1/occasions/day/guests', list, csv)).toHaveStatus(422);
  }
  expect(await firm.post('/v1/occasions/day/guests', '<guests/>', { 'content-type': 'application/xml' })).toHaveStatus(415);
  expect(await firm.post('/v1/occasions/day/guests')).toHaveStatus(415);
  expect(await firm.post('/v1/occasions/day/guests?state=maybe', { email: 'ana@aguas.example' })).toHaveStatus(422);
  expect(await firm.post('/v1/occasions/day/guests', { guests: [] })).toHaveStatus(422);
  const unknown = await firm.post('/v1/occasions/day/guests', { leadId: '0197c000-0000-7000-8000-000000000000' });
  expect(await unknown.json()).toMatchObject({ taken: 0, faults: [{ row: 1, reason: 'there is no lead of this id' }] });
  expect((await firm.pool.query('select from occasion_guest')).rows).toEqual([]);
});
