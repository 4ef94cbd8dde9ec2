import { expect, test, vi } from 'vitest';
import { launch, standing, topics } from '../support/campaigns.ts';
import { FIREFOX, GATEWAY } from '../support/hits.ts';
import { happen } from '../support/people.ts';
import { workspace } from '../support/workspace.ts';

const patient = { timeout: 30_000, interval: 100 };

test('a scanner moves nobody on; the reader’s click does, when the sweeper finds its minute over', async () => {
  const firm = await workspace({ documents: topics, env: { SWEEP_EVERY: '1', HIDDEN_LINK: 'on' } });
  await firm.pool.query(`update workspace set postal_address = 'Kaistrasse 9, 24103 Kiel'`);
  await launch(firm, {
    key: 'trial',
    name: 'Trial',
    topic: 'news',
    entry: { event: 'signed_up' },
    steps: [
      { id: 'hello', send: 'welcome' },
      { id: 'reads', waitFor: { any: [{ clicked: 'hello' }], timeout: '5d' }, then: [{ id: 'more', send: 'study' }], onTimeout: [] },
    ],
  });
  await firm.startWorker();
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await vi.waitFor(async () => expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ stepId: 'reads' }]), patient);
  const [hello] = await firm.outbox('mei@huadong.example');
  const [link, trap] = hello!.links.filter((one) => one.includes('/c/')).map((one) => new URL(one).pathname);

  for (const path of [trap!, link!]) await firm.anyone.get(path, GATEWAY);
  const minuteIsOver = () => firm.pool.query(`update hit set judge_at_real = now() - interval '1 second' where judge_at_real is not null`);
  const undecided = async () => (await firm.pool.query('select from hit where verdict is null')).rowCount;
  await minuteIsOver();
  await vi.waitFor(async () => expect(await undecided()).toBe(0), patient);
  expect((await firm.pool.query(`select from event where name = 'email_clicked'`)).rowCount).toBe(0);

  // An hour later.
  await firm.pool.query(`update send set settled_at = settled_at - interval '1 hour'`);
  await firm.pool.query(`update hit set at = at - interval '59 minutes', at_real = at_real - interval '59 minutes'`);
  await firm.anyone.get(link!, FIREFOX);
  await minuteIsOver();
  await vi.waitFor(
    async () => expect((await firm.outbox('mei@huadong.example')).map(({ subject }) => subject)).toContain('study for you'),
    patient,
  );
});
