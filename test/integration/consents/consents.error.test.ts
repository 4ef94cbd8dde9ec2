import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('a word on a topic is refused where it cannot hold, and says why', async () => {
  const firm = await workspace({ documents: { topics: { default: { topics: [{ key: 'news', name: 'News' }] } } } });
  await firm.pool.query(`insert into lead (email) values ('mei@huadong.example')`);
  const say = (body: object) => firm.post('/v1/leads/mei@huadong.example/consents', body);
  const refused: [object, string][] = [
    [{ topic: 'gossip', granted: true }, 'topic'],
    [{ topic: 'news', granted: true, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ topic: 'news', granted: false, expiresAt: '2099-01-01T00:00:00Z' }, 'expiresAt'],
    [{ topic: 'news', granted: false, confirm: true }, 'confirm'],
    [{ topic: 'news' }, 'granted'],
    [{ topic: 'news', granted: true, wish: 'x' }, ''],
  ];
  for (const [body, path] of refused) {
    const answer = await say(body);
    expect(answer).toHaveStatus(422);
    const { issues } = (await answer.json()) as { issues: { path: string }[] };
    expect(issues.map((issue) => issue.path).join()).toContain(path);
  }
  expect((await firm.pool.query('select from consent')).rowCount).toBe(0);
  expect(await firm.post('/v1/leads/nobody@x.example/consents', { topic: 'news', granted: true })).toHaveStatus(404);
  expect(await firm.get('/v1/leads/nobody@x.example/consents')).toHaveStatus(404);
  expect(await firm.get('/v1/leads/mei@huadong.example/consents?cursor=mine')).toHaveStatus(422);
  expect(await firm.get('/v1/leads/mei@huadong.example/consents/7')).toHaveStatus(422);

  expect(await say({ topic: 'news', granted: true, basis: 'telephone', proof: { by: 'ana' } })).toHaveStatus(200);
  expect(await say({ topic: 'news', granted: true, basis: 'telephone', proof: { by: 'ben' } })).toHaveStatus(200);
  const { rows } = await firm.pool.query('select basis, proof, source like $1 as by_key from consent', ['api:%']);
  expect(rows).toEqual([{ basis: 'telephone', proof: { by: 'ana' }, by_key: true }]);
});

test('topics that cannot be meant are refused: who is a customer, which event, which template', async () => {
  const firm = await workspace();
  const push = async (topic: object, status: number): Promise<string> => {
    const documents = [
      { kind: 'events', key: 'default', body: { order_placed: { properties: { amount: 'number' } } } },
      { kind: 'topics', key: 'default', body: { topics: [{ key: 'a', name: 'A', ...topic }] } },
    ];
    const answer = await firm.put('/v1/workspace/documents', { documents });
    expect(answer).toHaveStatus(status);
    return answer.text();
  };
  expect(await push({ basis: 'existing-customer' }, 422)).toContain('name an event');
  expect(await push({ basis: 'opt-in', lasts: 'soon' }, 422)).toContain('topics.0.lasts');
  expect(await push({ implied: [{ event: 'order_place', lasts: '24mo' }] }, 422)).toContain("there is no event 'order_place'");
  expect(await push({ implied: [{ event: 'order_placed', where: { colour: 'red' }, lasts: '24mo' }] }, 422)).toContain("'colour'");
  expect(await push({ basis: 'double-opt-in', confirm: { template: 'nothing' } }, 422)).toContain("there is no template 'nothing'");
  await push({ basis: 'existing-customer', implied: [{ event: 'order_placed', lasts: '24mo' }] }, 200);
  await push({ basis: 'double-opt-in' }, 200);
  const campaign = { key: 'c', name: 'C', topic: 'a', entry: { event: 'form_submitted' }, steps: [{ id: 's', send: 'form-confirmation' }] };
  const lint = async (document: object) => (await firm.post('/v1/campaigns/lint', document)).text();
  expect(await lint(campaign)).toContain("mail about 'a' is refused until it is confirmed");
  expect(await lint({ ...campaign, entry: { event: 'subscription_confirmed' } })).not.toContain('until it is confirmed');
});
