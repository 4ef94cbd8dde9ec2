import { expect, test } from 'vitest';
import { putDocument } from '../../db/documents.ts';
import { campaignOf, launch, topics } from '../support/campaigns.ts';
import { happen } from '../support/people.ts';
import { workspace } from '../support/workspace.ts';

test('with the real worker: a date and a schedule open by the clock, a date told later is heard, and the doctor finds nothing', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await putDocument(firm.pool, 'segment', 'customers', { condition: { tag: 'customer' } });
  await firm.pool.query('update workspace set ranges = 2');
  const people = Array.from({ length: 12 }, (_, i) => ({ email: `p${i}@firm${i}.example`, tags: ['customer'] }));
  await happen(firm.pool, 'signed_up', people);
  await firm.startWorker();
  await launch(
    firm,
    campaignOf({
      key: 'letter',
      entry: { schedule: { every: { weekday: 'tue' } }, segment: 'customers' },
      steps: [{ id: 'hello', send: 'welcome' }],
    }),
  );
  await launch(
    firm,
    campaignOf({ key: 'trial-end', entry: { date: 'lead.trial_ends', offset: '-1d' }, steps: [{ id: 'last', send: 'last-call' }] }),
  );
  await happen(firm.pool, 'signed_up', [{ email: 'p0@firm0.example', attributes: { trial_ends: '2026-03-03' } }]);
  await happen(firm.pool, 'signed_up', [{ email: 'p1@firm1.example', attributes: { trial_ends: '2026-03-07' } }]);
  await firm.settle();
  await firm.jump('2026-03-03T09:00:00Z');
  await firm.settle();
  expect(await firm.outbox()).toHaveLength(12);
  await firm.jump('2026-03-10T09:00:00Z');
  await firm.settle();
  expect(await firm.outbox()).toHaveLength(25);
  expect((await firm.outbox('p1@firm1.example')).map((mail) => mail.sendKey?.split('/')[1])).toEqual(['hello', 'last', 'hello']);
  expect(await (await firm.get('/v1/doctor')).json()).toMatchObject({ violations: 0 });
});
