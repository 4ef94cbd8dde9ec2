import { expect, test } from 'vitest';
import { dayChores } from '../../../activities/day-mail.ts';
import { inTransaction } from '../../../db/pool.ts';
import { mailOfTests } from '../../support/nurture.ts';
import { addLeads, bodyOf, handToSales, lookingAfter } from '../../support/sales.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const MONDAY = '2026-03-02T09:00:00Z';

interface Some {
  total: number;
  items: { id: string; title: string; state: string }[];
}
type Day = Record<'overdue' | 'today' | 'soon' | 'replies' | 'offers' | 'toTouch' | 'drafts' | 'meetings', Some> & {
  date: string;
  dayMail: boolean;
};

const dayOf = (firm: Workspace, query = '') => bodyOf<Day>(firm.get(`/v1/reps/ana/day${query}`));
const counts = ({ overdue, today, soon, offers, toTouch }: Day) => [overdue, today, soon, offers, toTouch].map(({ total }) => total);

async function mornings({ pool }: Workspace): Promise<{ key: string; to: string; count: number; url: string }[]> {
  for (const chore of dayChores(mailOfTests)) await inTransaction(pool, (tx) => chore.run(tx));
  const { rows } = await pool.query<{ key: string; to: string; count: number; url: string }>(
    `select s.send_key as key, r.key as "to", (s.params ->> 'count')::int as count, s.params ->> 'dayUrl' as url
       from send s join rep r on r.id = s.rep_id where s.template = 'internal-day' order by s.queued_at, s.id`,
  );
  return rows;
}

test('a rep’s day: tasks by when they are due, offers and promises; a mail in the morning to whoever wants it, and a page for the thumb', async () => {
  const firm = await workspace({ reps: ['ana'], at: MONDAY });
  await firm.pool.query(`update rep set timezone = 'America/New_York' where key = 'ana'`);
  const [lead] = await addLeads(firm.pool, 1, { accounts: 1 });
  const make = async (title: string, due: string, kind = 'call', more: object = {}): Promise<string> => {
    const response = await firm.post('/v1/tasks', { lead, owner: 'ana', title, due, kind, tell: false, ...more });
    expect(response.status).toBe(201);
    return ((await response.json()) as { id: string }).id;
  };
  // It is four in the morning in New York.
  const call = await make('Call about the pumps', '2026-03-02T15:00:00Z', 'call', { remindBefore: '1h' });
  const note = await make('Write the offer', '2026-03-03T04:30:00Z', 'custom');
  await make('Look at the figures', '2026-03-06T15:00:00Z', 'custom');
  await make('Ask again in spring', '2026-04-20T15:00:00Z');
  const [offered] = (await handToSales(firm.pool, await addLeads(firm.pool, 1))) as [string];
  const [accepted] = (await handToSales(firm.pool, [lead!])) as [string];
  const { lookAfter } = lookingAfter(firm.pool);
  for (const opportunityId of [offered, accepted]) await lookAfter({ opportunityId });
  await firm.post(`/v1/opportunities/${accepted}/accept`, { rep: 'ana' });
  const monday = await dayOf(firm);
  expect(monday).toMatchObject({ date: '2026-03-02', dayMail: false });
  expect(counts(monday)).toEqual([0, 2, 1, 1, 1]);
  expect(counts(await dayOf(firm, '?date=2026-03-03')).slice(0, 3)).toEqual([2, 0, 1]);

  // Nobody asked for a mail yet; then it comes when she opens, once.
  expect(await mornings(firm)).toEqual([]);
  expect((await firm.put('/v1/reps/ana/day-mail', { wanted: true })).status).toBe(204);
  await firm.jump('2026-03-02T13:59:00Z');
  expect(await mornings(firm)).toEqual([]);
  await firm.jump('2026-03-02T14:00:00Z');
  const [mail] = await mornings(firm);
  expect(mail).toMatchObject({ to: 'ana', count: 4, key: expect.stringMatching(/^day\/.*\/2026-03-02$/) as string });
  expect(await mornings(firm)).toHaveLength(1);

  // The page shows, and changes nothing; its buttons act.
  const path = new URL(mail!.url).pathname;
  const page = await firm.anyone.get(path);
  expect(page.status).toBe(200);
  const html = await page.text();
  for (const words of [
    'Call about the pumps',
    'Offered to you (1)',
    'Accepted, and not talked to yet (1)',
    'No answer',
    'Stop the morning',
  ])
    expect(html).toContain(words);
  const press = (fields: Record<string, string>) =>
    firm.fetch(new Request(`http://tendril.test${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' }));
  const pressed = await press({ task: call, outcome: 'reached' });
  expect([pressed.status, pressed.headers.get('location')]).toEqual([303, path]);
  expect((await press({ task: call, outcome: 'reached' })).status).toBe(409);
  expect((await press({ task: note, snooze: '1' })).status).toBe(303);
  expect((await press({ task: note })).status).toBe(422);
  expect(await bodyOf(firm.get(`/v1/tasks/${call}`))).toMatchObject({ state: 'done', outcome: 'reached' });
  expect(await bodyOf(firm.get(`/v1/tasks/${note}`))).toMatchObject({ state: 'open', snoozedUntil: '2026-03-03T14:00:00.000Z' });
  // Having reached them is the talk that the opportunity waited for.
  expect(counts(await dayOf(firm))).toEqual([0, 0, 1, 1, 0]);

  // Switched off by herself; a link of somebody who has left is worth nothing.
  await press({ mail: 'off' });
  expect((await dayOf(firm)).dayMail).toBe(false);
  await firm.pool.query('update rep set link_epoch = link_epoch + 1');
  expect((await firm.anyone.get(path)).status).toBe(410);
  expect((await firm.anyone.get(path.replace('/day/', '/day/x'))).status).toBe(404);
});
