import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const [DECIDER, USER, SECOND] = ['mei', 'liu', 'kim'].map((name) => ({ email: `${name}@huadong.example` })) as [
  { email: string },
  { email: string },
  { email: string },
];
const LONE = { email: 'jo@lone.example' };
const entry = { event: 'visited', of: 'account', people: { roles: ['decider'], max: 1, ifNone: 'task' } };

const role = (firm: Workspace, { email }: { email: string }, to: string) =>
  firm.pool.query('update lead set buying_role = $2 where email = $1', [email, to]);
const reasons = async (firm: Workspace, { email }: { email: string }) => {
  const { items } = (await (await firm.get(`/v1/leads/${email}/why`)).json()) as { items: { words: string }[] };
  return items.map(({ words }) => words);
};

test('with the company as the subject those who are meant enter in its place, once for the company', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, reps: ['ana'] });
  await launch(
    firm,
    campaignOf({
      entry,
      reentry: { after: '10d' },
      steps: [
        { id: 'a', send: 'welcome' },
        { id: 'w', wait: '2d' },
      ],
    }),
  );
  await happen(firm.pool, 'came', [DECIDER, USER, SECOND, LONE, { email: 'ann@gmail.com' }]);
  await role(firm, DECIDER, 'decider');

  await happen(firm.pool, 'visited', [USER, SECOND, LONE, { email: 'ann@gmail.com' }]);
  await look(firm, 'trial');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', DECIDER.email)).toMatchObject([{ state: 'active' }]);
  for (const { email } of [USER, SECOND, LONE]) expect(await standing(firm, 'trial', email)).toEqual([]);
  expect((await reasons(firm, DECIDER)).at(-1)).toBe('Entered “Trial”: chosen for the company, for which visited happened');
  expect(await reasons(firm, USER)).toEqual(['Did not enter “Trial”: as one of its company: others of the company enter (1)']);
  expect(await reasons(firm, SECOND)).toEqual(['Did not enter “Trial”: as one of its company: is in it already']);
  expect(await reasons(firm, { email: 'ann@gmail.com' })).toEqual(['Did not enter “Trial”: as one of its company: belongs to no company']);

  // Nobody is known: its owner is asked once, and told by mail.
  await happen(firm.pool, 'visited', [LONE]);
  await look(firm, 'trial');
  const { rows } = await firm.pool.query('select title, state from task');
  expect(rows).toEqual([{ title: 'Find the decider at this company', state: 'open' }]);
  expect((await firm.pool.query(`select from send where class = 'internal'`)).rowCount).toBe(1);

  // A second decider does not come in while the first is under way, nor before the time has passed; then the company may come again.
  await role(firm, SECOND, 'decider');
  await acceptMails(firm);
  await look(firm, 'trial');
  await firm.jump('3d');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', DECIDER.email)).toMatchObject([{ state: 'completed' }]);
  await firm.pool.query(`update lead set buying_role = 'user' where email = $1`, [DECIDER.email]);
  await happen(firm.pool, 'visited', [USER]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', SECOND.email)).toEqual([]);
  await firm.jump('11d');
  await happen(firm.pool, 'visited', [USER]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', SECOND.email)).toMatchObject([{ state: 'active' }]);
});

test('a company in a segment: at launch each company of it comes in once, by whom it says', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await happen(firm.pool, 'came', [DECIDER, USER, SECOND]);
  await role(firm, DECIDER, 'decider');
  await firm.pool.query(`update account set attributes = '{"tier": 1}'`);
  await putDocument(firm.pool, 'segment', 'tier-1', { condition: { 'account.tier': 1 } });
  await launch(
    firm,
    campaignOf({
      entry: { segment: 'tier-1', atLaunch: 'include', of: 'account', people: { roles: ['decider'], max: 1 } },
      steps: [{ id: 'w', wait: '2d' }],
    }),
  );
  await firm.startWorker();
  await firm.settle();
  expect((await firm.pool.query('select l.email from enrolment e join lead l on l.id = e.lead_id')).rows).toEqual([
    { email: DECIDER.email },
  ]);
});
