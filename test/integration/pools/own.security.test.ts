import { expect, test } from 'vitest';
import { addLeads, bodyOf, handToSales, lookingAfter, opportunity } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

test('a rep’s own key reaches what is theirs, and nothing else of the workspace', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'] });
  const made = await firm.post('/v1/keys', { name: 'ana', scopes: ['own'], rep: 'ana' });
  expect(made).toHaveStatus(201);
  const { key } = await bodyOf<{ key: string }>(Promise.resolve(made));
  const ana = firm.with(key);

  const ids = await handToSales(firm.pool, await addLeads(firm.pool, 2));
  await lookingAfter(firm.pool).lookAfter({ opportunityId: ids[0]! });
  const [mine, other] = (await opportunity(firm.pool, ids[0]!)).owner === 'ana' ? ids : ids.toReversed();

  expect((await bodyOf<{ items: { id: string }[] }>(ana.get('/v1/own/opportunities?open=true'))).items.map(({ id }) => id)).toEqual([mine]);
  expect(await ana.get(`/v1/own/opportunities/${other}`)).toHaveStatus(404);
  for (const verb of ['accept', 'touch', 'return']) expect(await ana.post(`/v1/own/opportunities/${other}/${verb}`, {})).toHaveStatus(404);
  expect(await ana.post(`/v1/own/opportunities/${other}/reject`, { reason: 'junk' })).toHaveStatus(404);
  expect(await ana.post(`/v1/own/opportunities/${mine}/accept`, { rep: 'ben' })).toHaveStatus(422);
  expect(await ana.post(`/v1/own/opportunities/${mine}/return`, {})).toHaveStatus(409);

  const { paths } = await bodyOf<{ paths: Record<string, Record<string, { security?: unknown[] }>> }>(firm.anyone.get('/openapi.json'));
  const elsewhere = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security = [] }]) =>
      security.length > 0 && !path.startsWith('/v1/own/') ? [[method, path.replace(/\{[^}]+\}/g, mine!)] as const] : [],
    ),
  );
  expect(elsewhere.length).toBeGreaterThan(80);
  const passed = await Promise.all(
    elsewhere.map(async ([method, path]) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const body = method === 'get' || method === 'head' ? null : '{"userId":"u1","event":"seen","batch":[]}';
      const { status } = await firm.fetch(new Request(`http://tendril.test${path}`, { method: method.toUpperCase(), headers, body }));
      return status === 403 ? [] : [`${method} ${path}: ${status}`];
    }),
  );
  expect(passed.flat()).toEqual([]);

  expect(await firm.get('/v1/own/opportunities')).toHaveStatus(403);
  expect(await ana.post(`/v1/own/opportunities/${mine}/accept`, {})).toHaveStatus(200);
  await firm.put('/v1/reps', { items: [{ key: 'ana', name: 'Ana', email: 'ana@firm.example', active: false }] });
  await expect.poll(async () => (await ana.get('/v1/own/tasks')).status, { timeout: 10_000 }).toBe(401);
});

test('an own key is for one rep or one partner who is there, and has no other scope', async () => {
  const firm = await workspace({ reps: ['ana'] });
  const make = (body: object) => firm.post('/v1/keys', { name: 'key', ...body });
  expect(await make({ scopes: ['own'] })).toHaveStatus(422);
  expect(await make({ scopes: ['own'], rep: 'ana', partner: 'Nord' })).toHaveStatus(422);
  expect(await make({ scopes: ['own', 'read'], rep: 'ana' })).toHaveStatus(422);
  expect(await make({ scopes: ['read'], rep: 'ana' })).toHaveStatus(422);
  expect(await make({ scopes: ['own'], rep: 'zoe' })).toHaveStatus(422);
  expect(await make({ scopes: ['own'], partner: 'Nord' })).toHaveStatus(422);
});
