import { expect, test } from 'vitest';
import { workspace } from '../support/workspace.ts';

test('a workspace answers, keeps its own time, and works when asked', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-03-02T09:00:00Z' });
  expect(await firm.anyone.get('/healthz')).toHaveStatus(200);
  expect(await firm.anyone.get('/readyz')).toHaveStatus(200);
  expect(await firm.anyone.get('/v1/keys')).toHaveStatus(401);
  expect(await firm.get('/v1/keys')).toHaveStatus(200);
  expect(await firm.now()).toEqual(new Date('2026-03-02T09:00:00Z'));
  await firm.startWorker();
  await firm.settle();
});
