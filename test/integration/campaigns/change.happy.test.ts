import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const first = campaignOf({
  steps: [
    { id: 'hello', send: 'welcome' },
    { id: 'w1', wait: '5d' },
    { id: 'old', wait: '9d' },
    { id: 'end', send: 'welcome' },
  ],
});
const second = campaignOf({
  steps: [
    { id: 'hello', send: 'welcome' },
    { id: 'w1', wait: '3d' },
    { id: 'fresh', wait: '30d' },
  ],
});

test('those under way are moved to a newer version when it was previewed, and nobody is lost', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await launch(firm, first);
  await firm.startWorker();
  await happen(firm.pool, 'signed_up', [{ email: 'ada@firm.example' }]);
  await firm.settle();
  await firm.jump('6d');
  await happen(firm.pool, 'signed_up', [{ email: 'bo@firm.example' }]);
  await firm.settle();
  expect(await standing(firm, 'trial', 'ada@firm.example')).toMatchObject([{ stepId: 'old' }]);
  await launch(firm, second);

  const move = (rest: object) => firm.post('/v1/campaigns/trial/migrate', { from: 1, to: 2, ...rest });
  expect(await (await move({})).json()).toMatchObject({
    moved: 0,
    underWay: 2,
    lost: 1,
    steps: [
      { stepId: 'old', count: 1, to: null, how: 'lost' },
      { stepId: 'w1', count: 1, to: 'w1', how: 'same' },
    ],
  });
  expect(await move({ preview: false })).toHaveStatus(409);
  expect(await move({ map: { old: 'nowhere' } })).toHaveStatus(422);
  expect(await (await move({ map: { old: 'fresh' }, preview: false })).json()).toMatchObject({ moved: 2, lost: 0 });
  await firm.settle();
  expect(await standing(firm, 'trial', 'ada@firm.example')).toMatchObject([{ stepId: 'fresh', state: 'active' }]);
  await firm.jump('4d');
  await firm.settle();
  expect(await standing(firm, 'trial', 'bo@firm.example')).toMatchObject([{ stepId: 'fresh' }]);
  const why = (await (await firm.get('/v1/leads/ada@firm.example/why')).json()) as { items: { words: string }[] };
  expect(why.items.map(({ words }) => words)).toContain('Fresh: moved from version 1, step old, to version 2');

  expect(await move({ from: 2, to: 1, map: { fresh: null }, preview: false })).toHaveStatus(200);
  expect(await standing(firm, 'trial', 'bo@firm.example')).toMatchObject([{ state: 'exited', endReason: 'migrated' }]);
  expect(await (await firm.get('/v1/doctor')).json()).toMatchObject({ violations: 0 });
});

test('every mail of a campaign goes to one address, marked, and is nobody’s', async () => {
  const firm = await workspace({ documents: topics });
  expect(await firm.post('/v1/campaigns', first)).toHaveStatus(201);
  const send = (rest: object) => firm.post('/v1/campaigns/trial/test', { to: 'me@firm.example', ...rest });
  expect(await send({})).toHaveStatus(409);
  expect(await send({ lead: 'nobody@firm.example' })).toHaveStatus(404);
  await happen(firm.pool, 'page_viewed', [{ email: 'ada@firm.example', firstName: 'Ada' }]);
  await firm.pool.query(`insert into suppression (address, kind, scope, source) values ('ada@firm.example', 'unsubscribe', 'all', 'test')`);
  expect(await (await send({})).json()).toMatchObject({ mails: [{ stepId: 'hello' }, { stepId: 'end', template: 'welcome' }] });
  await firm.startWorker();
  await firm.settle();
  const mails = await firm.outbox('me@firm.example');
  expect(mails).toHaveLength(2);
  expect(mails[0]!.subject).toMatch(/^\[Test\] /);
  expect(await firm.outbox('ada@firm.example')).toEqual([]);
});
