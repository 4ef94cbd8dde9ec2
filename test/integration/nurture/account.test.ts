import { expect, test } from 'vitest';
import { storeEvents } from '../../../db/events.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const mei = { email: 'mei@huadong.example' };
const jun = { email: 'jun@huadong.example' };
const stranger = { email: 'lea@other.example' };

test('what a colleague does ends the campaign, reaches its goal and counts, at once; what others do does not', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const steps = [{ id: 'w', wait: '90d' }];
  await launch(
    firm,
    campaignOf({ key: 'play', exitWhen: { account: { anyone: { any: [{ replied: 'any' }, { stage: 'customer' }] } } }, steps }),
  );
  await launch(firm, campaignOf({ key: 'renewal', goal: { event: 'contract_renewed', by: 'account' }, steps }));
  await launch(
    firm,
    campaignOf({ key: 'team', exitWhen: { event: 'pricing_viewed', count: { gte: 2 }, by: 'account', since: 'entry' }, steps }),
  );
  await launch(firm, campaignOf({ key: 'alone', exitWhen: { replied: 'any' }, steps }));
  await happen(firm.pool, 'email_replied', [jun]);
  await firm.jump('1d');
  await happen(firm.pool, 'signed_up', [mei]);
  for (const key of ['play', 'renewal', 'team', 'alone']) await look(firm, key);
  const states = async () =>
    Object.fromEntries(
      await Promise.all(
        ['play', 'renewal', 'team', 'alone'].map(async (key) => {
          await look(firm, key);
          return [key, (await standing(firm, key, mei.email))[0]?.state];
        }),
      ),
    ) as Record<string, string>;
  expect(await states(), 'a reply before entry is no reply to us').toEqual({
    play: 'active',
    renewal: 'active',
    team: 'active',
    alone: 'active',
  });

  await firm.jump('1d');
  await happen(firm.pool, 'email_replied', [stranger]);
  await happen(firm.pool, 'contract_renewed', [stranger]);
  expect(await firm.pool.query('select from wake').then(({ rowCount }) => rowCount)).toBe(0);

  await happen(firm.pool, 'pricing_viewed', [jun]);
  await happen(firm.pool, 'pricing_viewed', [mei]);
  expect(await states()).toEqual({ play: 'active', renewal: 'active', team: 'exited', alone: 'active' });
  await happen(firm.pool, 'contract_renewed', [jun]);
  expect(await states()).toEqual({ play: 'active', renewal: 'goal', team: 'exited', alone: 'active' });
  await happen(firm.pool, 'email_replied', [jun]);
  expect(await states()).toEqual({ play: 'exited', renewal: 'goal', team: 'exited', alone: 'active' });
});

test('a condition may compare with what brought the lead in', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(
    firm,
    campaignOf({
      key: 'webinar',
      entry: { event: 'registered' },
      reentry: { key: 'occasion' },
      exitWhen: { event: 'attended', where: { occasion: '$entry.occasion' } },
      steps: [{ id: 'w', wait: '90d' }],
    }),
  );
  await happen(firm.pool, 'registered', [mei], { occasion: 'pumps' });
  await happen(firm.pool, 'registered', [mei], { occasion: 'valves' });
  await look(firm, 'webinar');
  await happen(firm.pool, 'attended', [mei], { occasion: 'valves' });
  await look(firm, 'webinar');
  const { rows } = await firm.pool.query('select key, state from enrolment order by key');
  expect(rows).toEqual([
    { key: 'pumps', state: 'active' },
    { key: 'valves', state: 'exited' },
  ]);
});

test('what a colleague does while somebody enters is seen by one of the two', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const [junId] = await happen(firm.pool, 'page_viewed', [jun]);
  await happen(firm.pool, 'page_viewed', [mei]);
  await launch(firm, campaignOf({ key: 'play', exitWhen: { account: { anyone: { replied: 'any' } } }, steps: [{ id: 'w', wait: '90d' }] }));
  await happen(firm.pool, 'signed_up', [mei]);

  const tx = await firm.pool.connect();
  await tx.query('begin');
  await lockLeads(tx, [junId!]);
  await storeEvents(tx, [{ leadId: junId!, name: 'email_replied', source: 'test' }]);
  const looking = look(firm, 'play');
  await expect.poll(() => lockWaits(firm)).toBe(1);
  await tx.query('commit');
  tx.release();
  await looking;
  await look(firm, 'play');
  expect((await standing(firm, 'play', mei.email)).filter(({ state }) => state === 'active')).toEqual([]);
});

/** How many wait for a lock in the firm's database. */
async function lockWaits({ pool }: Workspace): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]!.n;
}
