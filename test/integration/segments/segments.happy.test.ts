import { expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

test('a condition is tried out, saved, counted, named by others, and removed when nobody names it any more', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await happen(firm.pool, 'pricing_viewed', [
    { email: 'ana@north.example', name: 'Ana', country: 'DE', attributes: { size: '120' } },
    { email: 'ben@south.example', country: 'AT', attributes: { size: 80 } },
    { email: 'tom@south.example', country: 'AT', attributes: { size: 500 }, test: true },
  ]);
  const big = { 'lead.size': { gte: 100 }, event: 'pricing_viewed', in: '7d' };

  const preview = await firm.post('/v1/segments/preview', { condition: big });
  expect(preview).toHaveStatus(200);
  expect(await preview.json()).toEqual({
    count: 1,
    sample: [expect.objectContaining({ email: 'ana@north.example', name: 'Ana', stage: 'lead' })],
  });

  const saved = await firm.put('/v1/segments/big', { name: 'Big ones', condition: big });
  expect(await saved.json()).toEqual({ key: 'big', version: 1, name: 'Big ones', condition: big, count: 1 });
  await firm.put('/v1/segments/big', { name: 'Big ones', condition: { 'lead.size': { gte: 50 } } });
  await firm.put('/v1/segments/big-de', { condition: { segment: 'big', 'lead.country': 'de' } });
  await launch(firm, campaignOf({ key: 'play', exclude: ['big-de'], steps: [{ id: 'w', wait: '1d' }] }));

  const { items } = (await (await firm.get('/v1/segments')).json()) as { items: { key: string; version: number; count: number }[] };
  expect(items.map(({ key, version, count }) => ({ key, version, count }))).toEqual([
    { key: 'big', version: 2, count: 2 },
    { key: 'big-de', version: 1, count: 1 },
  ]);
  expect(await (await firm.get('/v1/segments/big')).json()).toMatchObject({ count: 2, usedBy: { campaigns: [], segments: ['big-de'] } });
  expect(await (await firm.get('/v1/segments/big-de')).json()).toMatchObject({ usedBy: { campaigns: ['play'], segments: [] } });

  expect(await firm.delete('/v1/segments/big')).toHaveStatus(409);
  expect(await firm.delete('/v1/segments/big-de')).toHaveStatus(409);
  await firm.post('/v1/campaigns/play/archive');
  expect(await firm.delete('/v1/segments/big-de')).toHaveStatus(204);
  expect(await firm.delete('/v1/segments/big')).toHaveStatus(204);
  expect(await (await firm.get('/v1/segments')).json()).toEqual({ items: [] });
});
