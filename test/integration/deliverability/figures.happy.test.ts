import { expect, test } from 'vitest';
import { suppress } from '../../../db/suppressions.ts';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

/** Mails that have ended, with what was told of them since. */
const history = `
  with people as (
    insert into lead (email) values ('a@gmail.com'), ('b@gmail.com'), ('c@googlemail.com'), ('d@hotmail.de'), ('e@pumps.example'), ('f@pumps.example') returning id, email),
  mails as (
    insert into send (send_key, class, lane, state, lead_id, template, address, reason, in_flight_at, settled_at, sender)
    select email, 'marketing', 'marketing', case email when 'd@hotmail.de' then 'failed' else 'accepted' end, id, 't', email,
           case email when 'd@hotmail.de' then 'address_dead' end, clock(), clock(), case email when 'f@pumps.example' then 'News <n@news.firm.example>' end
      from people returning id, address, lead_id),
  told as (
    insert into delivery_event (key, source, kind, send_id, address, told_real)
    select kind || address, 'sendgrid', kind, id, address, now() from mails, unnest(array['delivered', 'processed']) kind where address like '%mail.com'
    union all select 'b' || address, 'sendgrid', 'bounced', id, address, now() from mails where address = 'e@pumps.example'),
  hits as (
    insert into hit (send_id, lead_id, kind, link, source, verdict, counted)
    select id, lead_id, 'click', 'l', 'mail', case address when 'a@gmail.com' then 'human' else 'machine' end, false from mails where address like '%@gmail.com'
    union all select id, lead_id, 'open', null, 'mail', 'human', true from mails where address like '%@gmail.com')
  select 1`;

test('what became of our mail is told by family, by domain and by our own domain, people apart from machines', async () => {
  const firm = await workspace({
    env: { MAIL_FROM: 'Firm <hello@firm.example>' },
    documents: {
      deliverability: {
        default: { domains: { 'warm.firm.example': { warmUp: { from: '2020-01-01', start: 3, until: 9_000_000 } } } },
      },
    },
  });
  await firm.pool.query(history);
  await suppress(firm.pool, [{ address: 'a@gmail.com', kind: 'complaint', scope: 'all', source: 'sendgrid' }]);
  await firm.pool.query(`insert into sending_domain (domain, paused_at, paused_reason) values ('news.firm.example', clock(), 'by hand')`);

  const answer = await firm.get('/v1/deliverability?days=3');
  expect(answer).toHaveStatus(200);
  const body = (await answer.json()) as { senders: unknown };
  const nothing = { accepted: 0, delivered: 0, bounced: 0, failed: 0, unknown: 0, complained: 0, opened: 0, clicked: 0 };
  expect(body).toMatchObject({
    days: 3,
    total: { ...nothing, accepted: 5, delivered: 3, bounced: 2, complained: 1, opened: 2, clicked: 1, bounceRate: 0.4, complaintRate: 0.2 },
    families: [
      { ...nothing, family: 'gmail', accepted: 3, delivered: 3, complained: 1, opened: 2, clicked: 1 },
      { ...nothing, family: 'other', accepted: 2, bounced: 1 },
      { ...nothing, family: 'outlook', bounced: 1, bounceRate: 1 },
    ],
    domains: [
      { domain: 'gmail.com', family: 'gmail', accepted: 2 },
      { domain: 'pumps.example', family: null, accepted: 2 },
      { domain: 'googlemail.com', accepted: 1 },
      { domain: 'hotmail.de', accepted: 0 },
    ],
    waiting: [],
  });
  expect(body.senders).toMatchObject([
    { domain: 'firm.example', week: { complaints: 1, delivered: 3 }, paused: null, warmUp: null },
    { domain: 'news.firm.example', week: { complaints: 0, delivered: 1 }, paused: { reason: 'by hand' } },
    { domain: 'warm.firm.example', week: { complaints: 0, delivered: 0 } },
  ]);

  const shownPage = await firm.get('/deliverability');
  expect(shownPage).toHaveStatus(200);
  const text = await shownPage.text();
  for (const part of ['marketing paused', 'by hand', 'googlemail.com', 'aria-current="page">Delivery', '40.00%'])
    expect(text).toContain(part);

  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  const shown = await tendril(['deliverability', '--days', '3'], env);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toMatch(/gmail +3 +3 +0/);
  expect(shown.out).toContain('marketing is paused: by hand');
  expect(await tendril(['deliverability', 'resume', 'news.firm.example'], env)).toMatchObject({ code: 0 });
  expect(await tendril(['deliverability', 'pause', 'news.firm.example', '--reason', 'a wrong list'], env)).toMatchObject({ code: 0 });
  expect((await tendril(['deliverability', '--days', '99'], env)).err).toContain('31');
});
