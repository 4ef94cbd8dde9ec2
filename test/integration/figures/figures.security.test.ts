import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('figures need a key that reads; periods, months, pools and reps that are none are refused with what to do', async () => {
  const firm = await workspace({ at: '2026-03-04T11:00:00Z', reps: ['ana'] });
  const [sales, commission] = ['/v1/figures/sales', '/v1/figures/commission.csv?month=2026-03'];
  for (const path of [sales, commission]) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await firm.with(await firm.newKey('ingest')).get(path)).toHaveStatus(403);
    expect(await firm.with(await firm.newKey('read')).get(path)).toHaveStatus(200);
  }
  const made = (await (await firm.post('/v1/keys', { name: 'ana', scopes: ['own'], rep: 'ana' })).json()) as { key: string };
  for (const path of [sales, commission]) expect(await firm.with(made.key).get(path)).toHaveStatus(403);
  for (const wrong of [
    'from=2026-13-01',
    'from=yesterday',
    'from=0001-01-01',
    'to=9999-01-01',
    'from=2026-03-02&to=2026-03-01',
    'from=2024-01-01',
    'to=2026-01-01&from=2026-02-01',
  ])
    expect(await firm.get(`${sales}?${wrong}`)).toHaveStatus(422);
  expect(await firm.get(`${sales}?from=2026-03-05`)).toHaveStatus(422);
  expect(await firm.get(`${sales}?from=2025-03-05&to=2026-03-04`)).toHaveStatus(200);
  expect(await firm.get(`${sales}?from=2028-02-29&to=2029-02-28`)).toHaveStatus(200);
  expect(await firm.get(`${sales}?pool=nowhere`)).toHaveStatus(404);
  expect(await firm.get(`${sales}?rep=%27%20or%201%3D1`)).toHaveStatus(404);
  for (const month of ['2026-3', '2026-13', '0000-01', '2026-03-01', ''])
    expect(await firm.get(`/v1/figures/commission.csv?month=${month}`)).toHaveStatus(422);
  expect(await firm.get('/v1/figures/commission.csv')).toHaveStatus(422);
});
