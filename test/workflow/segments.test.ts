import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../support/campaigns.ts';
import { happen } from '../support/people.ts';
import { workspace } from '../support/workspace.ts';

test('a campaign takes in who is in its segment at launch, who joins by what they do, and who joins by time passing', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await happen(firm.pool, 'pricing_viewed', [{ email: 'ana@north.example' }]);
  await happen(firm.pool, 'page_viewed', [{ email: 'ben@north.example' }, { email: 'cem@north.example' }]);
  await firm.put('/v1/segments/calling', {
    condition: { any: [{ event: 'pricing_viewed' }, { not: { event: 'page_viewed', in: '7d' } }] },
  });
  await firm.startWorker();
  await launch(
    firm,
    campaignOf({ key: 'call', entry: { segment: 'calling', atLaunch: 'include' }, steps: [{ id: 'hello', send: 'welcome' }] }),
  );
  firm.poke({ kind: 'scoring', from: 0, to: 255 });
  const entered = async () =>
    (
      await Promise.all(
        ['ana', 'ben', 'cem'].map(async (name) => ((await standing(firm, 'call', `${name}@north.example`)).length > 0 ? [name] : [])),
      )
    ).flat();

  await firm.settle();
  expect(await entered()).toEqual(['ana']);
  await happen(firm.pool, 'pricing_viewed', [{ email: 'ben@north.example' }]);
  await firm.settle();
  expect(await entered()).toEqual(['ana', 'ben']);
  await firm.jump('8d');
  await firm.settle();
  expect(await entered()).toEqual(['ana', 'ben', 'cem']);
  expect(await firm.outbox()).toHaveLength(3);
});
