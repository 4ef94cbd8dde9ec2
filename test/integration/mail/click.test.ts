import { expect, test } from 'vitest';
import { signLink } from '../../../messaging/links.ts';
import { leadWithMail, SECRET } from '../../support/delivery.ts';
import { workspace } from '../../support/workspace.ts';

test('a click leads where the author wrote and is an event, once a minute and link; HEAD and prefetch count nothing', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const leadId = await leadWithMail(firm.pool, 'mei@huadong.example', { stepId: 'welcome' });
  const { rows } = await firm.pool.query<{ id: string }>('select id from send');
  const link = (name: string) => `/c/${signLink(SECRET, 'click', { s: rows[0]!.id, l: name, u: `https://firm.example/${name}?a=1&b=2` })}`;
  const events = async () =>
    (
      await firm.pool.query<{ lead: string; p: Record<string, unknown> }>(
        `select lead_id as lead, properties as p from event where name = 'email_clicked' order by id`,
      )
    ).rows;

  expect(await firm.anyone.request(link('study'), { method: 'HEAD' })).toHaveStatus(302);
  expect(await firm.anyone.get(link('study'), { 'sec-purpose': 'prefetch' })).toHaveStatus(302);
  expect(await events()).toEqual([]);
  const answer = await firm.anyone.get(link('study'));
  expect(answer).toHaveStatus(302);
  expect(answer.headers.get('location')).toBe('https://firm.example/study?a=1&b=2');
  await firm.anyone.get(link('study'));
  expect(await events()).toMatchObject([
    { lead: leadId, p: { send: rows[0]!.id, step: 'welcome', campaign: null, enrolment: null, link: 'study' } },
  ]);
  await firm.anyone.get(link('price'));
  await firm.pool.query(`update workspace set clock_anchor_at = clock_anchor_at + interval '2 minutes'`);
  await firm.anyone.get(link('study'));
  expect((await events()).map(({ p }) => p['link'])).toEqual(['study', 'price', 'study']);
});

test('no one else’s link leads anywhere', async () => {
  const firm = await workspace();
  const elsewhere = { s: '00000000-0000-7000-8000-000000000000', l: 'x', u: 'https://evil.example/' };
  expect(await firm.anyone.get(`/c/${signLink('another secret', 'click', elsewhere)}`)).toHaveStatus(404);
  expect(await firm.anyone.get(`/c/${signLink(SECRET, 'unsubscribe', elsewhere)}`)).toHaveStatus(404);
  expect(await firm.anyone.get('/c/https://evil.example')).toHaveStatus(404);
  // A mail that is gone still leads on: whoever kept it wants to read.
  expect(await firm.anyone.get(`/c/${signLink(SECRET, 'click', elsewhere)}`)).toHaveStatus(302);
});
