import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';
import { basic, eventsOf, leadOf } from './support.ts';

test('a visitor looks around, says who they are, and the whole visit is theirs', async () => {
  const firm = await workspace({ at: '2026-05-04T09:00:00Z' });
  const key = await firm.newKey('ingest');
  const sentAt = '2031-01-01T00:00:10.000Z';
  const response = await firm.anyone.post(
    '/v1/batch',
    {
      sentAt,
      batch: [
        {
          type: 'page',
          messageId: 'm1',
          anonymousId: 'a1',
          name: 'Pricing',
          timestamp: '2031-01-01T00:00:00.000Z',
          context: { page: { url: 'https://pumps.example/pricing', path: '/pricing' } },
        },
        {
          type: 'track',
          messageId: 'm2',
          anonymousId: 'a1',
          event: 'Brochure Downloaded',
          properties: { model: 'P7' },
          timestamp: '2031-01-01T00:00:05.000Z',
        },
        {
          type: 'identify',
          messageId: 'm3',
          anonymousId: 'a1',
          userId: 'u1',
          timestamp: sentAt,
          traits: {
            email: 'Mei@Huadong.example',
            name: 'Mei Chen',
            title: 'Plant manager',
            company: { name: 'Huadong' },
            address: { country: 'cn' },
            plan: 'trial',
          },
          context: { campaign: { source: 'fair', name: 'achema' } },
        },
        { type: 'track', messageId: 'm4', userId: 'u1', event: 'trialStarted', timestamp: '2031-01-01T00:00:20.000Z' },
        {
          type: 'group',
          messageId: 'm5',
          userId: 'u1',
          groupId: 'g7',
          traits: { name: 'Huadong', website: 'https://www.huadong.example', employees: 400 },
        },
      ],
    },
    basic(key),
  );
  expect(response).toHaveStatus(200);
  expect(await response.json()).toEqual({ success: true });

  expect(await leadOf(firm.pool, 'mei@huadong.example')).toMatchObject({
    firstName: 'Mei',
    lastName: 'Chen',
    title: 'Plant manager',
    company: 'Huadong',
    country: 'CN',
    attributes: { plan: 'trial', groupId: 'g7' },
    firstTouch: { utm: { source: 'fair', campaign: 'achema' } },
    lastTouch: { utm: { source: 'fair', campaign: 'achema' } },
    account: { domain: 'huadong.example', name: 'Huadong', attributes: { groupId: 'g7', employees: 400 } },
    identities: ['anonymous a1', 'email mei@huadong.example', 'user u1'],
  });
  // Their clock is five years ahead of ours: only the time between happening and sending counts, and nothing lies in the future.
  expect(await eventsOf(firm.pool)).toEqual([
    {
      name: 'page_viewed',
      email: 'mei@huadong.example',
      at: '2026-05-04T08:59:50.000Z',
      visitor: 'a1',
      properties: { name: 'Pricing', url: 'https://pumps.example/pricing', path: '/pricing' },
    },
    {
      name: 'brochure_downloaded',
      email: 'mei@huadong.example',
      at: '2026-05-04T08:59:55.000Z',
      visitor: 'a1',
      properties: { model: 'P7' },
    },
    expect.objectContaining({ name: 'grouped', email: 'mei@huadong.example', at: '2026-05-04T09:00:00.000Z' }),
    expect.objectContaining({ name: 'identified', email: 'mei@huadong.example', at: '2026-05-04T09:00:00.000Z' }),
    expect.objectContaining({ name: 'trial_started', email: 'mei@huadong.example', at: '2026-05-04T09:00:00.000Z' }),
  ]);
  const { rows } = await firm.pool.query('select from score_wake');
  expect(rows.length).toBeGreaterThan(0);
});

test('what was done and said long before the address was known is found again', async () => {
  const firm = await workspace();
  const key = await firm.newKey('ingest');
  const send = async (call: string, body: object) => expect(await firm.anyone.post(`/v1/${call}`, body, basic(key))).toHaveStatus(200);
  await send('page', { anonymousId: 'a1', properties: { path: '/' }, context: { campaign: { source: 'search', name: 'pumps' } } });
  await send('identify', { userId: 'u1', traits: { firstName: 'Ana', plan: 'trial' } });
  await send('track', { userId: 'u1', anonymousId: 'a1', event: 'signed_up' });
  await send('group', { userId: 'u1', groupId: 'g1', traits: { website: 'aguas.example', industry: 'water' } });
  expect((await firm.pool.query('select from lead')).rowCount).toBe(0);
  await send('alias', { previousId: 'old-a1', userId: 'u1' });
  await send('page', { anonymousId: 'old-a1', properties: { path: '/old' } });

  await send('identify', { userId: 'u1', traits: { email: 'ana@aguas.example' } });
  expect(await leadOf(firm.pool, 'ana@aguas.example')).toMatchObject({
    firstName: 'Ana',
    attributes: { plan: 'trial' },
    firstTouch: { utm: { source: 'search', campaign: 'pumps' } },
    account: { domain: 'aguas.example', attributes: { industry: 'water' } },
  });
  expect((await eventsOf(firm.pool)).map(({ email }) => email)).toEqual(Array(7).fill('ana@aguas.example'));
  expect((await firm.pool.query('select from visitor_link')).rowCount).toBe(0);

  await send('track', { anonymousId: 'a1', event: 'came_back' });
  expect((await eventsOf(firm.pool)).at(-1)).toMatchObject({ name: 'came_back', email: 'ana@aguas.example' });
});

test('sent twice it is stored once, gzipped or not; a message without an id is stored each time', async () => {
  const firm = await workspace();
  const key = await firm.newKey('ingest');
  const batch = JSON.stringify({
    batch: [
      { type: 'track', messageId: 'once', userId: 'u1', event: 'e' },
      { type: 'track', userId: 'u1', event: 'f' },
    ],
    writeKey: key,
  });
  const json = { 'content-type': 'application/json' };
  expect(await firm.anyone.post('/v1/batch', batch, json)).toHaveStatus(200);
  const zipped = { ...json, 'content-encoding': 'gzip' };
  expect(await firm.anyone.request('/v1/batch', { method: 'POST', headers: zipped, body: gzipSync(batch) })).toHaveStatus(200);
  expect(await firm.anyone.post('/v1/batch', batch, { 'content-type': 'text/plain' })).toHaveStatus(200);
  expect((await eventsOf(firm.pool)).map(({ name }) => name).toSorted()).toEqual(['e', 'f', 'f', 'f']);
});

test('an alias between two leads moves the id with what was done under it; the rest of both stays', async () => {
  const firm = await workspace();
  const key = await firm.newKey('ingest');
  const send = async (call: string, body: object) => expect(await firm.anyone.post(`/v1/${call}`, body, basic(key))).toHaveStatus(200);
  await send('identify', { userId: 'old', traits: { email: 'bo@old.example' } });
  await send('track', { userId: 'old', event: 'asked' });
  await send('identify', { userId: 'other', traits: { email: 'bo@old.example' } });
  await send('identify', { userId: 'new', traits: { email: 'bo@new.example' } });
  await send('alias', { previousId: 'old', userId: 'new' });
  await send('track', { userId: 'old', event: 'asked_again' });

  const byName = Object.fromEntries((await eventsOf(firm.pool)).map(({ name, visitor, email }) => [`${name} ${visitor}`, email]));
  expect(byName).toMatchObject({
    'asked user:old': 'bo@new.example',
    'asked_again user:old': 'bo@new.example',
    'identified user:other': 'bo@old.example',
    'aliased user:new': 'bo@new.example',
  });
  expect(await leadOf(firm.pool, 'bo@old.example')).toMatchObject({ identities: ['email bo@old.example', 'user other'] });
  expect(await leadOf(firm.pool, 'bo@new.example')).toMatchObject({
    identities: ['anonymous old', 'email bo@new.example', 'user new', 'user old'],
  });
});

test('two colleagues share a browser: each keeps what they did', async () => {
  const firm = await workspace();
  const key = await firm.newKey('ingest');
  const send = async (call: string, body: object) => expect(await firm.anyone.post(`/v1/${call}`, body, basic(key))).toHaveStatus(200);
  await send('track', { userId: 'u1', anonymousId: 'kiosk', event: 'one' });
  await send('track', { userId: 'u2', anonymousId: 'kiosk', event: 'two' });
  await send('identify', { userId: 'u1', traits: { email: 'one@shop.example' } });
  await send('identify', { userId: 'u2', traits: { email: 'two@shop.example' } });
  await send('track', { anonymousId: 'kiosk', event: 'after' });
  const of = (event: string, all: Awaited<ReturnType<typeof eventsOf>>) => all.find(({ name }) => name === event)?.email;
  const all = await eventsOf(firm.pool);
  expect([of('one', all), of('two', all), of('after', all)]).toEqual(['one@shop.example', 'two@shop.example', 'two@shop.example']);
});

test('a cut emoji and a NUL cost nothing but themselves', async () => {
  const firm = await workspace();
  const key = await firm.newKey('ingest');
  const body = '{"userId":"u\\u0000","event":"hi","properties":{"a\\u0000":"x\\ud83d","b":"\\ud83d\\ude00"}}';
  expect(await firm.anyone.post('/v1/track', body, { ...basic(key), 'content-type': 'application/json' })).toHaveStatus(200);
  expect(await eventsOf(firm.pool)).toMatchObject([{ name: 'hi', visitor: 'user:u', properties: { a: 'x\uFFFD', b: '😀' } }]);
});
