import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const attributes = {
  kind: 'attributes',
  key: 'default',
  body: { lead: { plant_size: 'number' }, account: { industry: { type: 'choice', options: ['chemicals', 'food'] } } },
};
const events = { kind: 'events', key: 'default', body: { pricing_viewed: { properties: { page: 'text' } } } };
const topics = { kind: 'topics', key: 'default', body: { topics: [{ key: 'news', name: 'News' }] } };
const campaign = (rest: object) => ({
  kind: 'campaign',
  key: 'c',
  body: { key: 'c', name: 'C', topic: 'news', entry: { event: 'pricing_viewed' }, steps: [{ id: 'w', wait: '1d' }], ...rest },
});

test('with one error nothing is stored; each is told with the name that was meant', async () => {
  const firm = await workspace();
  const push = (...documents: object[]) => firm.put('/v1/workspace/documents', { documents });

  const wrong = await push(
    attributes,
    events,
    topics,
    campaign({ entry: { event: 'pricing_view', if: { 'lead.plantsize': { gte: 3 }, 'account.industry': 'foot' } } }),
  );
  expect(wrong).toHaveStatus(422);
  expect(await wrong.json()).toMatchObject({
    issues: [
      {
        path: 'campaign/c: entry.0',
        reason: "there is no event 'pricing_view'",
        mend: expect.stringContaining("'pricing_viewed'") as string,
      },
      { reason: 'there is no attribute lead.plantsize', mend: expect.stringContaining("'plant_size'") as string },
      { reason: "account.industry is never 'foot'", mend: expect.stringContaining("'food'") as string },
    ],
  });
  expect(((await (await firm.get('/v1/workspace/documents')).json()) as { items: unknown[] }).items).toEqual([]);

  expect(await push(attributes, events, topics, campaign({}))).toHaveStatus(200);
  const property = await push(campaign({ entry: { event: 'pricing_viewed', where: { pages: 'x' } } }));
  expect(await property.json()).toMatchObject({ issues: [{ reason: "the event 'pricing_viewed' has no property 'pages'" }] });
  const circle = await push({ kind: 'segment', key: 'a', body: { condition: { segment: 'a' } } });
  expect(await circle.json()).toMatchObject({ issues: [{ path: 'segment/a: condition', reason: "segment 'a' contains itself" }] });
  const form = await push({
    kind: 'form',
    key: 'f',
    body: { key: 'f', name: 'F', purpose: 'contact', consent: { topic: 'new', textVersion: '1' } },
  });
  expect(await form.json()).toMatchObject({ issues: [{ path: 'form/f: consent.topic' }] });
  expect(await push({ kind: 'pools', key: 'default', body: [{ key: 'inside', name: 'Inside', members: [{ rep: 'ana' }] }] })).toHaveStatus(
    422,
  );
  expect(await push(topics, topics)).toHaveStatus(422);
  expect(await push({ ...topics, key: 'other' })).toHaveStatus(422);
  expect(await push({ kind: 'segment', key: '../up', body: { condition: { tag: 'x' } } })).toHaveStatus(422);
  expect(await push({ kind: 'poem', key: 'x', body: {} })).toHaveStatus(422);

  const dry = await firm.put('/v1/workspace/documents', { documents: [{ ...topics, body: { topics: [] } }], dryRun: true });
  expect(await dry.json()).toMatchObject({
    ok: true,
    stored: false,
    changes: [{ kind: 'topics', change: 'changed' }],
    findings: [{ kind: 'campaign', key: 'c', level: 'warning', reason: expect.stringContaining('would no longer pass') as string }],
  });
  expect(
    await firm.post('/v1/campaigns/lint', campaign({ steps: [{ id: 'p', waitFor: { event: 'prices', timeout: '1d' } }] }).body),
  ).toHaveStatus(200);
});
