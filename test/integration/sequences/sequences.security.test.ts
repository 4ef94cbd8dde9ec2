import { expect, test } from 'vitest';
import { addWriters, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { workspace } from '../../support/workspace.ts';

test('reading needs a key that may read, changing one that may write; a draft’s link is signed for its rep', async () => {
  const firm = await workspace();
  await addWriters(firm);
  await saveSequence(firm);
  const id = '00000000-0000-7000-8000-000000000000';
  const reads = [
    '/v1/sequences',
    '/v1/sequences/first-contact',
    '/v1/sequences/first-contact/runs',
    `/v1/sequence-runs/${id}`,
    '/v1/drafts',
  ];
  const writes: [string, unknown?][] = [
    ['/v1/sequences', sequenceOf()],
    ['/v1/sequences/first-contact/runs', { rep: 'ana', emails: ['a@b.example'] }],
    ['/v1/sequences/first-contact/pause'],
    ['/v1/sequences/first-contact/archive'],
    [`/v1/sequence-runs/${id}/stop`, {}],
    [`/v1/drafts/${id}/send`, {}],
    [`/v1/drafts/${id}/skip`],
  ];
  const [reader, sender] = [firm.with(await firm.newKey('read')), firm.with(await firm.newKey('ingest'))];
  for (const path of reads) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await sender.get(path)).toHaveStatus(403);
  }
  for (const [path, body] of writes) {
    expect(await firm.anyone.post(path, body)).toHaveStatus(401);
    expect(await reader.post(path, body)).toHaveStatus(403);
  }
  expect(await firm.anyone.get('/draft/eyJwIjp7fX0.AAAAAAAAAAAAAAAAAAAAAAAA')).toHaveStatus(404);
  expect(await firm.anyone.request('/draft/nonsense', { method: 'POST' })).toHaveStatus(404);
});
