import { expect, test } from 'vitest';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('a company is listed with how many people of it are known, and read with its opportunities', async () => {
  const firm = await workspace({ reps: ['ana'] });
  const lead = await addPerson(firm.pool, 'mei@huadong.example');
  await addPerson(firm.pool, 'lu@huadong.example');
  await addPerson(firm.pool, 'probe@huadong.example', { test: true });
  await firm.pool.query(
    "insert into opportunity (account_id, lead_id, pool_id, source, next_look_at) select l.account_id, l.id, p.id, 'api', clock() from lead l, pool p where l.id = $1",
    [lead],
  );
  const { items } = (await (await firm.get('/v1/accounts?q=huadong.ex')).json()) as { items: { id: string }[] };
  expect(items).toMatchObject([{ name: 'Huadong Pumps', domain: 'huadong.example', leads: 2, openOpportunities: 1, owner: null }]);
  expect(await (await firm.get(`/v1/accounts/${items[0]!.id}`)).json()).toMatchObject({
    opportunities: [{ state: 'queued', owner: null, closedAt: null }],
  });
  const people = (await (await firm.get(`/v1/leads?account=${items[0]!.id}`)).json()) as { items: object[] };
  expect(people.items).toHaveLength(2);
});
