import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('reading needs read, storing needs admin', async () => {
  const firm = await workspace();
  const body = { documents: [] };
  expect(await firm.anyone.get('/v1/workspace/documents')).toHaveStatus(401);
  expect(await firm.anyone.put('/v1/workspace/documents', body)).toHaveStatus(401);
  const reader = firm.with(await firm.newKey('read'));
  expect(await reader.get('/v1/workspace/documents')).toHaveStatus(200);
  expect(await reader.put('/v1/workspace/documents', body)).toHaveStatus(403);
  expect(await firm.with(await firm.newKey('ingest')).get('/v1/workspace/documents')).toHaveStatus(403);
  expect(await firm.with(await firm.newKey('write')).put('/v1/workspace/documents', body)).toHaveStatus(403);
  expect(await firm.put('/v1/workspace/documents', body)).toHaveStatus(200);
});
