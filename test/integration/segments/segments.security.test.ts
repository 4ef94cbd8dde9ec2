import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('reading needs read, changing needs write; what a document says is never SQL', async () => {
  const firm = await workspace();
  const reader = firm.with(await firm.newKey('read'));
  const website = firm.with(await firm.newKey('ingest'));
  const condition = { tag: 'vip' };

  expect(await firm.anyone.put('/v1/segments/vip', { condition })).toHaveStatus(401);
  expect(await website.put('/v1/segments/vip', { condition })).toHaveStatus(403);
  expect(await reader.put('/v1/segments/vip', { condition })).toHaveStatus(403);
  expect(await firm.put('/v1/segments/vip', { condition })).toHaveStatus(200);
  for (const path of ['/v1/segments', '/v1/segments/vip']) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await website.get(path)).toHaveStatus(403);
    expect(await reader.get(path)).toHaveStatus(200);
  }
  expect(await website.post('/v1/segments/preview', { condition })).toHaveStatus(403);
  expect(await reader.post('/v1/segments/preview', { condition })).toHaveStatus(200);
  expect(await reader.delete('/v1/segments/vip')).toHaveStatus(403);

  const evil = `'); drop table lead; --`;
  const everywhere = {
    [`lead.${evil}`]: { eq: evil, contains: evil, gt: evil, in: [evil] },
    tag: evil,
    consent: { topic: evil, state: 'on' },
    campaign: { key: evil },
    event: evil,
    where: { [evil]: evil },
    clicked: { step: 'any', link: evil },
  };
  expect(await reader.post('/v1/segments/preview', { condition: everywhere })).toHaveStatus(200);
  expect(await (await firm.get('/v1/segments/vip')).json()).toMatchObject({ count: 0 });
});
