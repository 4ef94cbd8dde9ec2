import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('people and companies are shown only to keys that may read', async () => {
  const firm = await workspace();
  const ingest = firm.with(await firm.newKey('ingest'));
  const reader = firm.with(await firm.newKey('read'));
  const paths = [
    '/v1/leads',
    '/v1/leads/a@b.example',
    '/v1/leads/a@b.example/timeline',
    '/v1/leads/a@b.example/why',
    '/v1/accounts',
    '/v1/accounts/0190f0aa-0000-7000-8000-000000000000',
  ];
  for (const path of paths) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await ingest.get(path)).toHaveStatus(403);
    expect([200, 404]).toContain((await reader.get(path)).status);
  }
});
