import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const id = '01900000-0000-7000-8000-000000000000';

test('reading needs read, acting needs write, and no key is no entry', async () => {
  const firm = await workspace();
  const reader = firm.with(await firm.newKey('read'));
  const ingest = firm.with(await firm.newKey('ingest'));
  for (const path of ['/v1/opportunities', `/v1/opportunities/${id}`, '/v1/reps', '/v1/pools']) {
    expect((await firm.anyone.get(path)).status).toBe(401);
    expect((await ingest.get(path)).status).toBe(403);
    expect((await reader.get(path)).status).not.toBe(403);
  }
  for (const verb of ['accept', 'reject', 'touch', 'close', 'reassign']) {
    expect((await firm.anyone.post(`/v1/opportunities/${id}/${verb}`, {})).status).toBe(401);
    expect((await reader.post(`/v1/opportunities/${id}/${verb}`, {})).status).toBe(403);
  }
  expect((await reader.post('/v1/opportunities', { lead: id })).status).toBe(403);
  expect((await reader.post('/v1/reps/ana/absence', { from: null })).status).toBe(403);
});
