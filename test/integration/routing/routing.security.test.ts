import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('reading needs read, changing needs write; what a rule says is never SQL', async () => {
  const firm = await workspace({ reps: ['ana'] });
  const reader = firm.with(await firm.newKey('read'));
  const website = firm.with(await firm.newKey('ingest'));
  const document = { rules: [{ key: 'all', to: { pool: 'sales' } }] };
  const changes: [string, 'put' | 'post', object][] = [
    ['/v1/routing', 'put', document],
    [`/v1/routing/conflicts/${randomUUID()}/settle`, 'post', { keep: 'both' }],
    [`/v1/accounts/${randomUUID()}/owner`, 'put', { rep: 'ana' }],
  ];
  for (const [path, method, body] of changes) {
    expect(await firm.anyone[method](path, body)).toHaveStatus(401);
    expect(await website[method](path, body)).toHaveStatus(403);
    expect(await reader[method](path, body)).toHaveStatus(403);
  }
  for (const path of ['/v1/routing', '/v1/routing/conflicts']) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await website.get(path)).toHaveStatus(403);
    expect(await reader.get(path)).toHaveStatus(200);
  }
  expect(await website.post('/v1/routing/explain', { email: 'a@b.example' })).toHaveStatus(403);
  expect(await website.post('/v1/routing/try', { document })).toHaveStatus(403);

  const evil = `'); drop table lead; --`;
  const when = {
    country: 'DE',
    region: evil,
    industry: [evil],
    accounts: evil,
    postcode: '80',
    productLine: evil,
    tag: evil,
    event: evil,
    where: { [evil]: evil },
  };
  const rules = [{ key: 'evil', name: evil, when, to: { pool: 'sales', skills: [evil] } }];
  expect(await reader.post('/v1/routing/try', { document: { rules } })).toHaveStatus(200);
  expect(await firm.put('/v1/routing', { rules })).toHaveStatus(200);
  await firm.pool.query(`insert into lead (email) values ('mei@huadong.example')`);
  expect(await firm.post('/v1/opportunities', { lead: 'mei@huadong.example' })).toHaveStatus(201);
});
