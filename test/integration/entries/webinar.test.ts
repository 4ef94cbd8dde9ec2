import { expect, test } from 'vitest';
import { loadDeparting } from '../../../db/mails.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, look } from '../../support/nurture.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const webinar = (startsAt: string) => ({
  name: 'Sizing pumps',
  kind: 'webinar',
  startsAt,
  endsAt: new Date(Date.parse(startsAt) + 3_600_000).toISOString(),
});
const reminder = { date: 'occasion.starts_at', offset: '-1h', ifPast: 'skip', ifMoved: 'rearm' };
const steps = [
  {
    id: 'reminder',
    at: reminder,
    steps: [{ id: 'soon', send: { template: 'nudge', class: 'transactional', notAfter: 'occasion.starts_at' } }],
  },
  {
    id: 'came',
    waitFor: { event: 'attended', where: { occasion: '$entry.occasion' }, until: { date: 'occasion.ends_at', offset: '1d' } },
    then: [{ id: 'thanks', send: 'thanks' }],
    onTimeout: [{ id: 'missed', send: 'last-call' }],
  },
];

const register = (firm: Workspace, occasion: string, email: string, state = 'registered') =>
  firm.post(`/v1/occasions/${occasion}/guests`, { email, state });

test('two webinars at once, one of which moves; a late registrant; who came and who did not', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await firm.put('/v1/occasions/a', webinar('2026-03-05T14:00:00Z'));
  await firm.put('/v1/occasions/b', webinar('2026-03-04T14:00:00Z'));
  await launch(firm, campaignOf({ key: 'webinar', entry: { event: 'registered' }, reentry: { key: 'occasion' }, steps }));
  await register(firm, 'a', 'mei@huadong.example');
  await register(firm, 'b', 'mei@huadong.example');
  await look(firm, 'webinar');
  expect(await standing(firm, 'webinar', 'mei@huadong.example')).toMatchObject([
    { stepId: 'reminder', dueAt: new Date('2026-03-04T13:00:00Z') },
    { stepId: 'reminder', dueAt: new Date('2026-03-05T13:00:00Z') },
  ]);

  const moved = await firm.put('/v1/occasions/b', webinar('2026-03-06T14:00:00Z'));
  expect(moved).toHaveStatus(200);
  expect((await firm.pool.query('select count(*)::int as n from wake')).rows).toEqual([{ n: 1 }]);
  await look(firm, 'webinar');
  expect(await standing(firm, 'webinar', 'mei@huadong.example')).toMatchObject([
    { dueAt: new Date('2026-03-06T13:00:00Z') },
    { dueAt: new Date('2026-03-05T13:00:00Z') },
  ]);

  await firm.jump('2026-03-05T13:30:00Z');
  await register(firm, 'a', 'late@huadong.example');
  await look(firm, 'webinar');
  // A mail says what its occasion is when it leaves, not when it was queued.
  await firm.put('/v1/occasions/a', webinar('2026-03-05T14:15:00Z'));
  const { rows: soon } = await firm.pool.query<{ id: string }>(`select id from send where step_id = 'soon'`);
  const [leaving] = await loadDeparting(
    firm.pool,
    soon.map(({ id }) => id),
  );
  expect(leaving!.mail().occasion).toMatchObject({ key: 'a', starts_at: '2026-03-05T14:15:00+00:00' });
  expect(await acceptMails(firm)).toEqual(['nudge']);
  await register(firm, 'a', 'mei@huadong.example', 'attended');
  await look(firm, 'webinar');
  expect(await acceptMails(firm)).toEqual(['thanks']);
  await firm.jump('2026-03-06T16:00:00Z');
  await look(firm, 'webinar');
  // The reminder of the other one would come too late by now; whoever registered late and stayed away is told what they missed.
  expect(await acceptMails(firm)).toEqual(['last-call']);
});
