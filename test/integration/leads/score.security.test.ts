import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('a score is for keys that may read: none is 401, a form key is 403', async () => {
  const firm = await workspace();
  const path = '/v1/leads/nobody@nowhere.example/score';
  expect((await firm.anyone.get(path)).status).toBe(401);
  expect((await firm.with('tnd_unknown').get(path)).status).toBe(401);
  expect((await firm.with(await firm.newKey('ingest')).get(path)).status).toBe(403);
  expect((await firm.with(await firm.newKey('read')).get(path)).status).toBe(404);
});
