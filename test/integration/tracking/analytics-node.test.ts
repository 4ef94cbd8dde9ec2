import { Analytics } from '@segment/analytics-node';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';
import { eventsOf, leadOf } from './support.ts';

test("Segment's own library, unchanged, pointed at us: everything it sends arrives", async () => {
  const firm = await workspace();
  const errors: unknown[] = [];
  const analytics = new Analytics({ writeKey: await firm.newKey('ingest'), host: await firm.listen(), flushAt: 3 });
  analytics.on('error', (error) => errors.push(error));

  analytics.page({ anonymousId: 'a1', name: 'Pumps', properties: { url: 'https://site.example/pumps' } });
  analytics.identify({ userId: 'u1', anonymousId: 'a1', traits: { email: 'lena@werk.example', firstName: 'Lena', employees: 40 } });
  analytics.track({ userId: 'u1', event: 'Order Completed', properties: { amount: 12.5 } });
  analytics.group({ userId: 'u1', groupId: 'werk', traits: { name: 'Werk AG', website: 'https://werk.example' } });
  analytics.screen({ userId: 'u1', name: 'Dashboard' });
  analytics.alias({ userId: 'u1', previousId: 'trial-77' });
  for (let i = 0; i < 20; i++) analytics.track({ userId: 'u1', event: 'pinged', properties: { i } });
  await analytics.flush({ close: true });

  expect(errors).toEqual([]);
  const events = await eventsOf(firm.pool);
  expect(events).toHaveLength(26);
  expect(new Set(events.map(({ email }) => email))).toEqual(new Set(['lena@werk.example']));
  expect(await leadOf(firm.pool, 'lena@werk.example')).toMatchObject({
    firstName: 'Lena',
    attributes: { employees: 40, groupId: 'werk' },
    account: { domain: 'werk.example', name: 'Werk AG' },
    identities: ['anonymous a1', 'anonymous trial-77', 'email lena@werk.example', 'user trial-77', 'user u1'],
  });
});

test('a write key that is not in force is told so', async () => {
  const firm = await workspace();
  const errors: unknown[] = [];
  const analytics = new Analytics({ writeKey: 'tnd_nobodys', host: await firm.listen(), maxRetries: 0 });
  analytics.on('error', (error) => errors.push(error));
  analytics.track({ userId: 'u1', event: 'lost' });
  await analytics.flush({ close: true });
  expect(errors).toHaveLength(1);
  expect(await eventsOf(firm.pool)).toEqual([]);
});
