import { expect, test } from 'vitest';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('only a key that may write corrects a lead', async () => {
  const firm = await workspace();
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  const correct = { name: 'Mallory' };
  expect(await firm.anyone.patch(`/v1/leads/${id}`, correct)).toHaveStatus(401);
  for (const scope of ['ingest', 'read'] as const)
    expect(await firm.with(await firm.newKey(scope)).patch(`/v1/leads/${id}`, correct)).toHaveStatus(403);
  expect(await firm.with(await firm.newKey('write')).patch(`/v1/leads/${id}`, correct)).toHaveStatus(200);
});
