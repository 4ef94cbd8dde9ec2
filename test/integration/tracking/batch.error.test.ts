import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';
import { basic, eventsOf } from './support.ts';

test('one bad message refuses the batch, naming index and field, and nothing of it is stored', async () => {
  const firm = await workspace();
  const headers = basic(await firm.newKey('ingest'));
  const response = await firm.anyone.post(
    '/v1/batch',
    {
      batch: [
        { type: 'track', messageId: 'm1', userId: 'u1', event: 'fine' },
        { type: 'track', userId: 'u1' },
        { type: 'page' },
        { type: 'alias', userId: 'u1' },
        { type: 'group', userId: 'u1' },
        { type: 'page', anonymousId: 'user:u1' },
      ],
    },
    headers,
  );
  expect(response).toHaveStatus(422);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { code, issues } = (await response.json()) as { code: string; issues: { path: string }[] };
  expect(code).toBe('invalid');
  expect(issues.map(({ path }) => path)).toEqual([
    'batch.1.event',
    'batch.2.userId',
    'batch.3.previousId',
    'batch.4.groupId',
    'batch.5.anonymousId',
  ]);
  expect(await eventsOf(firm.pool)).toEqual([]);
  expect(await firm.anyone.post('/v1/track', { messageId: 'm1', userId: 'u1', event: 'fine' }, headers)).toHaveStatus(200);
  expect(await eventsOf(firm.pool)).toHaveLength(1);
});

test.each([
  ['no batch', {}, 'batch'],
  ['an unknown type', { batch: [{ type: 'sing', userId: 'u' }] }, 'batch.0.type'],
  ['a message that is none', { batch: [7] }, 'batch.0'],
  ['an instant that is none', { batch: [{ type: 'page', userId: 'u', timestamp: 'yesterday' }] }, 'batch.0.timestamp'],
  ['properties that are a list', { batch: [{ type: 'track', event: 'e', userId: 'u', properties: [1] }] }, 'batch.0.properties'],
  ['an id that is far too long', { batch: [{ type: 'page', userId: 'u'.repeat(600) }] }, 'batch.0.userId'],
])('%s is named', async (_, body, path) => {
  const firm = await workspace();
  const response = await firm.anyone.post('/v1/batch', body, basic(await firm.newKey('ingest')));
  expect(response).toHaveStatus(422);
  expect(((await response.json()) as { issues: { path: string }[] }).issues[0]!.path).toBe(path);
});

test('what cannot be read or is too much is told apart', async () => {
  const firm = await workspace();
  const headers = basic(await firm.newKey('ingest'));
  const json = { ...headers, 'content-type': 'application/json' };
  expect(await firm.anyone.post('/v1/batch', '{"batch":', json)).toHaveStatus(400);
  expect(await firm.anyone.post('/v1/batch', '[]', json)).toHaveStatus(422);
  expect(await firm.anyone.post('/v1/batch', 'a=b', { ...headers, 'content-type': 'application/x-www-form-urlencoded' })).toHaveStatus(415);
  const huge = { batch: [{ type: 'track', event: 'e', userId: 'u', properties: { text: 'x'.repeat(33_000) } }] };
  const tooLarge = await firm.anyone.post('/v1/batch', huge, headers);
  expect(tooLarge).toHaveStatus(413);
  expect(await tooLarge.json()).toMatchObject({ code: 'too_large', issues: [{ path: 'batch.0' }] });
  const wide = JSON.stringify({
    batch: Array.from({ length: 30 }, () => ({ type: 'track', event: 'e', userId: 'u', properties: { text: 'x'.repeat(20_000) } })),
  });
  expect(await firm.anyone.post('/v1/batch', wide, json)).toHaveStatus(413);
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  expect(bomb.length).toBeLessThan(100_000);
  expect(
    await firm.anyone.request('/v1/batch', { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: bomb }),
  ).toHaveStatus(413);
  expect(await firm.anyone.post('/v1/batch', { batch: [] }, headers)).toHaveStatus(200);
});
