import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('a key is made, shown once, listed by its prefix, used, and revoked', async () => {
  const firm = await workspace();
  const made = await firm.post('/v1/keys', { name: 'crm', scopes: ['write'] });
  expect(made).toHaveStatus(201);
  const { key, id, prefix } = (await made.json()) as { key: string; id: string; prefix: string };
  expect(key).toMatch(/^tnd_[\w-]{43}$/);
  expect(key.startsWith(prefix)).toBe(true);

  const list = async () => {
    const body = await (await firm.get('/v1/keys')).text();
    expect(body).not.toContain(key);
    return (JSON.parse(body) as { items: { id: string; lastUsedAt: string | null; revokedAt: string | null }[] }).items;
  };
  expect((await list()).find((one) => one.id === id)).toEqual({
    id,
    name: 'crm',
    prefix,
    scopes: ['write'],
    origins: [],
    rep: null,
    partner: null,
    createdAt: expect.stringMatching(/Z$/),
    lastUsedAt: null,
    revokedAt: null,
  });
  const stored = await firm.pool.query('select * from api_key where id = $1', [id]);
  expect(JSON.stringify(stored.rows)).not.toContain(key);

  expect(await firm.with(key).get('/v1/keys')).toHaveStatus(403);
  await expect.poll(async () => (await list()).find((one) => one.id === id)?.lastUsedAt).not.toBeNull();
  expect(await firm.delete(`/v1/keys/${id}`)).toHaveStatus(204);
  expect(await firm.delete(`/v1/keys/${id}`)).toHaveStatus(204);
  expect(await firm.with(key).get('/v1/keys')).toHaveStatus(401);
  expect((await list()).find((one) => one.id === id)?.revokedAt).toMatch(/Z$/);
});
