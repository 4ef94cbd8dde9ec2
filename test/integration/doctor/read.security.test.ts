import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('the doctor answers admins only', async () => {
  const firm = await workspace();
  expect(await firm.anyone.get('/v1/doctor')).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('write')).get('/v1/doctor')).toHaveStatus(403);
  expect(await firm.get('/v1/doctor')).toHaveStatus(200);
  expect(await firm.get('/v1/doctor?grace=-1')).toHaveStatus(422);
});
