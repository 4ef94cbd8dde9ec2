import { expect, test } from 'vitest';
import { forgetHits } from '../../../db/hits.ts';
import { inTransaction } from '../../../db/pool.ts';
import { signLink } from '../../../messaging/links.ts';
import { launch } from '../../support/campaigns.ts';
import { SECRET } from '../../support/delivery.ts';
import { FIREFOX, GATEWAY, judgeAll, SAFARI, trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

test('somebody clicks: led on at once, provisional for a minute, then an event of the time it was done', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example', ['study', 'price'], { stepId: 'welcome' });
  const answer = await firm.anyone.get(mail.link('study'), FIREFOX);
  expect(answer).toHaveStatus(302);
  expect(answer.headers.get('location')).toBe('https://firm.example/study?a=1&b=2');
  expect(await mail.hits()).toEqual(['study undecided']);
  expect(await mail.events()).toEqual([]);
  await firm.pool.query('delete from score_wake');

  const loops = await judgeAll(firm.pool);
  expect(await mail.hits()).toEqual(['study human']);
  const [event, ...others] = await mail.events();
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    name: 'email_clicked',
    properties: { send: mail.sendId, step: 'welcome', campaign: null, enrolment: null, link: 'study', url: mail.urlOf('study') },
  });
  expect(loops).toMatchObject([{ kind: 'scoring' }]);
  expect((await firm.pool.query('select from score_wake')).rowCount).toBe(1);
  // Judged once: another look finds nothing.
  expect(await judgeAll(firm.pool)).toEqual([]);
  expect(await mail.events()).toHaveLength(1);

  const shown = (await (await firm.get(`/v1/sends/${mail.sendId}`)).json()) as { hits: object[] };
  expect(shown.hits).toMatchObject([{ kind: 'click', link: 'study', by: 'human', reason: null, counted: true, source: 'mail' }]);
});

test('a gateway goes over the whole mail, its addressee clicks later: one event, and the mail tells who was who', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example', ['study', 'price', 'demo']);
  expect(await firm.anyone.request(mail.link('study'), { method: 'HEAD', headers: GATEWAY })).toHaveStatus(302);
  for (const name of ['study', 'price', 'demo']) expect(await firm.anyone.get(mail.link(name), GATEWAY)).toHaveStatus(302);
  expect(await firm.anyone.get(mail.trap, GATEWAY)).toHaveStatus(200);
  await firm.pool.query(`update hit set at_real = at_real - interval '20 minutes', at = at - interval '20 minutes'`);
  await firm.anyone.get(mail.link('price'), SAFARI);
  await judgeAll(firm.pool);
  expect((await mail.events()).map(({ properties }) => properties['link'])).toEqual(['price']);
  const { hits } = (await (await firm.get(`/v1/sends/${mail.sendId}`)).json()) as { hits: Record<string, unknown>[] };
  expect(hits.map(({ link, by, reason }) => `${String(link)} ${String(by)} ${String(reason)}`)).toEqual([
    'study machine head',
    'study machine sweep',
    'price machine sweep',
    'demo machine sweep',
    'trap machine trap',
    'price human null',
  ]);
  expect(hits[0]).toMatchObject({ reasonInWords: expect.stringContaining('HEAD'), signs: ['head'], counted: false });
});

test('the same person on the page itself: the click counts at once, without its minute', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example', ['study', 'price']);
  const ingest = firm.with(await firm.newKey('ingest'));
  await ingest.post('/v1/identify', { anonymousId: 'b-1', traits: { email: 'mei@huadong.example' } });
  await firm.anyone.get(mail.link('study'), FIREFOX);
  const view = (anonymousId: string, url: string) => ingest.post('/v1/page', { anonymousId, properties: { url } });
  await view('b-2', 'https://firm.example/study');
  await view('b-1', 'https://elsewhere.example/study');
  expect(await mail.hits()).toEqual(['study undecided']);
  expect(await view('b-1', 'https://www.firm.example/study?a=1')).toHaveStatus(200);
  expect(await mail.hits()).toEqual(['study human']);
  expect(await mail.events()).toHaveLength(1);
  // Only the click that led to this page.
  const next = await trackedMail(firm.pool, 'ana@huadong.example', ['study', 'price']);
  await ingest.post('/v1/identify', { anonymousId: 'b-3', traits: { email: 'ana@huadong.example' } });
  await firm.anyone.get(next.link('price'), FIREFOX);
  await firm.anyone.get(next.link('study'), FIREFOX);
  await view('b-3', 'https://firm.example/price');
  expect(await next.hits()).toEqual(['price human', 'study undecided']);
});

test('where the clock is the workspace’s own, a click counts when it is made, and one link once a minute', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  await firm.anyone.get(mail.link('study'));
  await firm.anyone.get(mail.link('study'));
  expect(await mail.hits()).toEqual(['study human', 'study human']);
  expect(await mail.events()).toMatchObject([{ at: new Date('2026-03-02T09:00:00Z') }]);
  await firm.jump('2m');
  await firm.anyone.get(mail.link('study'));
  expect(await mail.events()).toHaveLength(2);
});

test('links of mails from before there were short ones still lead on and count', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  const old = `/c/${signLink(SECRET, 'click', { s: mail.sendId, l: 'old', u: 'https://firm.example/old' })}`;
  expect((await firm.anyone.get(old)).headers.get('location')).toBe('https://firm.example/old');
  expect(await mail.hits()).toEqual(['old human']);
});

test('a campaign counts the mails in which people clicked; neither machines nor test leads', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const steps = [
    { id: 'hello', send: 'welcome' },
    { id: 'bye', wait: '1d' },
  ];
  await launch(firm, { key: 'trial', name: 'Trial', class: 'transactional', entry: { event: 'asked' }, steps });
  const { rows } = await firm.pool.query<{ id: string }>('select id from campaign');
  const mailOf = (email: string, more: object = {}) =>
    trackedMail(firm.pool, email, ['study', 'price'], { campaignId: rows[0]!.id, stepId: 'hello', ...more });
  const [mei, ana, robot, tester] = [
    await mailOf('mei@x.example'),
    await mailOf('ana@x.example'),
    await mailOf('robot@x.example'),
    await mailOf('tester@x.example', { test: true }),
  ];
  for (const link of [mei.link('study'), mei.link('study'), ana.link('price'), ana.picture, tester.link('study')])
    await firm.anyone.get(link, FIREFOX);
  await firm.anyone.request(robot.link('study'), { method: 'HEAD' });
  expect(await (await firm.get('/v1/campaigns/trial')).json()).toMatchObject({
    steps: [
      { id: 'hello', opened: 1, clicked: 2 },
      { id: 'bye', opened: 0, clicked: 0 },
    ],
  });
});

test('after ninety days what machines did is forgotten, of what people did only who their browser was', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const [mail, recent] = [await trackedMail(firm.pool, 'mei@x.example'), await trackedMail(firm.pool, 'ana@x.example')];
  for (const one of [mail, recent]) {
    await firm.anyone.get(one.link('study'), FIREFOX);
    await firm.anyone.request(one.link('study'), { method: 'HEAD', headers: GATEWAY });
  }
  await firm.pool.query(`update hit set at_real = at_real - interval '91 days' where send_id = $1`, [mail.sendId]);
  for (let i = 0; i < 2; i++) await inTransaction(firm.pool, forgetHits);
  expect(await mail.hits()).toEqual(['study human']);
  expect(await recent.hits()).toEqual(['study human', 'study head']);
  const { rows } = await firm.pool.query<{ n: number }>('select count(user_agent)::int as n from hit');
  expect(rows[0]).toEqual({ n: 2 });
});
