import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { doctor } from '../../../db/doctor.ts';
import { putDocument } from '../../../db/documents.ts';
import { putReps } from '../../../db/reps.ts';
import { addLeads, bodyOf, handToSales } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

interface Problem {
  code: string;
  issues: { path: string; reason: string; mend?: string }[];
}

test('what is wrong is said, nothing is stored, and nobody is left standing for a rule that cannot be followed', async () => {
  const firm = await workspace({ reps: ['ana'] });
  const put = (...rules: object[]) => firm.put('/v1/routing', { rules });
  const faulty = await put({ key: 'a', when: { country: 'DK' }, to: { pool: 'sale' } }, { key: 'a', to: { rep: 'ann' } });
  expect(faulty).toHaveStatus(422);
  expect(await bodyOf<Problem>(Promise.resolve(faulty))).toMatchObject({
    code: 'invalid',
    issues: [
      { path: 'rules.0.to.pool', reason: "there is no pool 'sale'", mend: "did you mean 'sales'? else add it to pools.yaml" },
      { path: 'rules.1.key' },
      { path: 'rules.1.to.rep' },
    ],
  });
  expect(await bodyOf(firm.get('/v1/routing'))).toMatchObject({ version: null, fallback: 'sales' });
  for (const body of [{}, { rules: 'all' }, { rules: [{ key: 'x' }] }, { rules: [], more: 1 }])
    expect(await firm.put('/v1/routing', body)).toHaveStatus(422);
  expect(await firm.post('/v1/routing/try', { document: { rules: [] }, days: 0 })).toHaveStatus(422);
  expect(await firm.post('/v1/routing/try', { document: { rules: [{ key: 'x', to: { pool: 'nowhere' } }] } })).toHaveStatus(422);
  for (const body of [{}, { leadId: randomUUID(), email: 'a@b.example' }])
    expect(await firm.post('/v1/routing/explain', body)).toHaveStatus(422);
  expect(await firm.post('/v1/routing/explain', { email: 'nobody@b.example' })).toHaveStatus(404);
  expect(await firm.get('/v1/routing/conflicts?cursor=x')).toHaveStatus(422);
  const settle = (body: object) => firm.post(`/v1/routing/conflicts/${randomUUID()}/settle`, body);
  expect(await settle({ keep: 'both' })).toHaveStatus(404);
  for (const body of [{}, { keep: 'both', rep: 'ana' }, { rep: 'nobody' }]) expect(await settle(body)).toHaveStatus(422);
  expect(await firm.put(`/v1/accounts/${randomUUID()}/owner`, { rep: 'ana' })).toHaveStatus(404);
  expect(await firm.put(`/v1/accounts/${randomUUID()}/owner`, { rep: 'nobody' })).toHaveStatus(422);

  // A segment that is gone, a rep who has left, a document that an older version had accepted.
  await putReps(firm.pool, [{ key: 'eva', name: 'Eva', email: 'eva@firm.example' }]);
  await firm.put('/v1/segments/large', { condition: { tag: 'large' } });
  expect(await put({ key: 'seg', when: { segment: 'large' }, to: { rep: 'eva' } }, { key: 'eva', to: { rep: 'eva' } })).toHaveStatus(200);
  await putReps(firm.pool, [{ key: 'eva', name: 'Eva', email: 'eva@firm.example', active: false }]);
  expect(await firm.delete('/v1/segments/large')).toHaveStatus(409);
  await firm.pool.query(`delete from document where kind = 'segment'`);
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  const { routing } = await bodyOf<{ routing: { facts: string[] } }>(firm.get(`/v1/opportunities/${id}`));
  expect(routing.facts).toEqual(["not ‘seg’: it cannot be read: there is no segment 'large'", 'not ‘eva’: eva is not there']);
  expect(await firm.get('/v1/routing')).toHaveStatus(200);
  expect((await doctor(firm.pool)).find(({ check }) => check === 'routing-names')).toMatchObject({ listed: 2, violations: 0 });
  await putDocument(firm.pool, 'routing', 'default', { rules: [] });
  await firm.pool.query(
    `update document set body = '{"rules": [{"no": "rule"}]}' where kind = 'routing' and version = (select max(version) from document where kind = 'routing')`,
  );
  expect(await bodyOf(firm.get('/v1/routing'))).toMatchObject({
    version: 2,
    rules: [{ key: 'account-owner' }, {}],
    warnings: [{ path: 'rules.0.key' }, { path: 'rules.0' }],
  });
  const [other] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  expect(await bodyOf(firm.get(`/v1/opportunities/${other}`))).toMatchObject({ rule: 'catch-all', pool: 'sales' });
});
