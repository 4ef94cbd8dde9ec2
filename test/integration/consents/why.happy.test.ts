import { expect, test } from 'vitest';
import { lookAtConsents } from '../../../db/consent-looks.ts';
import { inTransaction } from '../../../db/pool.ts';
import { suppress } from '../../../db/suppressions.ts';
import { workspace } from '../../support/workspace.ts';

test('why-not tells consent that is missing, pending, run out, taken back and left all together apart, and what would change it', async () => {
  const topics = { default: { topics: [{ key: 'news', name: 'News' }] } };
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: { topics } });
  const { rows } = await firm.pool.query<{ id: string }>(`insert into lead (email) values ('mei@huadong.example') returning id`);
  const campaign = {
    key: 'trial',
    name: 'Trial',
    topic: 'news',
    entry: { event: 'demo_booked' },
    steps: [{ id: 'hello', send: 'form-confirmation' }],
  };
  expect(await firm.post('/v1/campaigns', campaign)).toHaveStatus(201);
  expect(await firm.post('/v1/campaigns/trial/launch')).toHaveStatus(200);
  const why = async () => {
    const answer = await firm.get('/v1/campaigns/trial/why-not?email=mei@huadong.example');
    const { hindrances } = (await answer.json()) as { hindrances: { rule: string; words: string; change: string[] }[] };
    return hindrances.at(-1)!;
  };
  const say = (body: object) => firm.post('/v1/leads/mei@huadong.example/consents', { topic: 'news', granted: true, ...body });

  expect(await why()).toMatchObject({ rule: 'no_consent', change: [expect.stringContaining('would have to agree')] });
  await say({ confirm: true });
  expect(await why()).toMatchObject({ rule: 'consent_pending', change: [expect.stringContaining('press the button')] });
  await say({ expiresAt: '2026-03-03T09:00:00Z' });
  expect(await why()).toMatchObject({ rule: 'never_happened' });
  await firm.jump('1d');
  expect(await why()).toMatchObject({ rule: 'consent_expired', change: [expect.stringContaining('2026')] });
  await inTransaction(firm.pool, lookAtConsents);
  expect(await why()).toMatchObject({ rule: 'consent_expired', words: expect.stringContaining('“News” would not be sent') });
  await say({ granted: false });
  expect(await why()).toMatchObject({ rule: 'consent_withdrawn', change: [expect.stringContaining('only they')] });
  await suppress(firm.pool, [{ address: 'mei@huadong.example', kind: 'unsubscribe', scope: 'marketing', source: 'page' }]);
  expect(await why()).toMatchObject({ rule: 'unsubscribed', words: expect.stringContaining('unsubscribed from all marketing') });
  expect(rows).toHaveLength(1);
});

test('a campaign asks before what was implied runs out; the button makes it last', async () => {
  const topics = {
    default: {
      topics: [
        { key: 'news', name: 'News', basis: 'existing-customer', implied: [{ event: 'order_placed', lasts: '24mo', as: 'purchase' }] },
      ],
    },
  };
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: { topics } });
  const key = await firm.newKey('ingest');
  expect(await firm.with(key).post('/v1/identify', { userId: '1', traits: { email: 'mei@huadong.example' } })).toHaveStatus(200);
  expect(await firm.with(key).post('/v1/track', { userId: '1', event: 'order_placed' })).toHaveStatus(200);
  const campaign = {
    key: 'ask',
    name: 'Ask again',
    class: 'transactional',
    entry: { event: 'consent_expiring', where: { topic: 'news' } },
    steps: [{ id: 'ask', consent: { topic: 'news', set: 'ask' } }],
  };
  expect(await firm.post('/v1/campaigns', campaign)).toHaveStatus(201);
  expect(await firm.post('/v1/campaigns/ask/launch')).toHaveStatus(200);
  await firm.jump('2028-02-05T09:00:00Z');
  for (const loop of await inTransaction(firm.pool, lookAtConsents)) firm.poke(loop);
  await firm.startWorker();
  await firm.settle();
  const mails = await firm.outbox('mei@huadong.example');
  expect(mails.map(({ subject }) => subject)).toEqual(['please confirm News']);
  const link = /http:\/\/tendril\.test(\/confirm\/[\w.-]+)/.exec(mails[0]!.text ?? '')![1]!;
  expect(await firm.anyone.post(link, new URLSearchParams({ confirm: 'yes' }))).toHaveStatus(200);
  const { topics: standings } = (await (await firm.get('/v1/leads/mei@huadong.example/consents')).json()) as { topics: object[] };
  expect(standings).toMatchObject([{ state: 'granted', basis: 'confirmed', expiresAt: null }]);
});
