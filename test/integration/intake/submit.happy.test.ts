import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace, type Workspace } from '../../support/workspace.ts';

const documents = {
  form: {
    website: { key: 'website', name: 'Website', purpose: 'contact' },
    demo: {
      key: 'demo',
      name: 'Demo request',
      purpose: 'demo_request',
      then: 'handoff',
      thankYou: { url: 'https://www.ostara.example/thanks' },
      mapping: { 'What do you pump?': 'properties.medium', segment: 'attributes.segment' },
      consent: { topic: 'product-news', textVersion: '2026-01', field: 'news' },
    },
    newsletter: {
      key: 'newsletter',
      name: 'Newsletter',
      purpose: 'newsletter',
      consent: { topic: 'product-news', textVersion: '2026-01' },
      event: 'subscribed',
    },
  },
};
const html = { accept: 'text/html,application/xhtml+xml' };

let firm: Workspace;
beforeAll(async () => void (firm = await workspace({ documents, reps: ['ana'] })));
afterAll(() => firm.close());

const rows = async (sql: string, ...values: unknown[]) => (await firm.pool.query(sql, values)).rows;
const lead = async (email: string) => (await rows('select * from lead where email = $1', email))[0];

test('a JSON post is answered with 202 and is a lead, an account and an event', async () => {
  const answer = await firm.anyone.post('/f/website', {
    contact: { 'First name': 'Mei', surname: 'Lin' },
    mail: 'Mei@Huadong.example',
    company: 'Huadong Ltd',
    message: 'Hello',
    utm_source: 'fair',
  });
  expect(answer).toHaveStatus(202);
  const { submissionId, state } = (await answer.json()) as { submissionId: string; state: string };
  expect(state).toBe('accepted');
  expect(await lead('mei@huadong.example')).toMatchObject({
    first_name: 'Mei',
    last_name: 'Lin',
    name: 'Mei Lin',
    company: 'Huadong Ltd',
    first_touch: { utm: { source: 'fair' } },
    stage: 'lead',
  });
  expect(
    await rows(`select e.name, e.properties from event e join lead l on l.id = e.lead_id where l.email = 'mei@huadong.example'`),
  ).toMatchObject([
    { name: 'form_submitted', properties: { form: 'website', purpose: 'contact', message: 'Hello', submission: submissionId } },
  ]);
  expect(await rows('select domain, name from account where domain = $1', 'huadong.example')).toEqual([
    { domain: 'huadong.example', name: 'Huadong Ltd' },
  ]);
  expect(await rows('select from score_wake w join lead l on l.id = w.lead_id where l.email = $1', 'mei@huadong.example')).toHaveLength(1);
});

test('a browser is sent to the form’s own thank-you page, or to ours', async () => {
  const demo = await firm.anyone.post(
    '/f/demo?redirect=https://evil.example',
    new URLSearchParams({ name: 'Ana Ruiz', email: 'ana@acme.example', redirect: 'https://evil.example' }),
    html,
  );
  expect(demo).toHaveStatus(303);
  expect(demo.headers.get('location')).toBe('https://www.ostara.example/thanks');
  const form = new FormData();
  form.set('Ihr Name', 'Jörg Weiß');
  form.set('E-Mail-Adresse', 'joerg@weiss.example');
  form.set('drawing', new File(['%PDF'], 'pump.pdf'));
  const website = await firm.anyone.post('/f/website', form, html);
  expect(website).toHaveStatus(303);
  expect(website.headers.get('location')).toBe('/f/website/thanks');
  expect(await firm.anyone.get('/f/website/thanks')).toHaveStatus(200);
  expect(await lead('joerg@weiss.example')).toMatchObject({ first_name: 'Jörg', last_name: 'Weiß' });
});

test('a form without a browser’s Accept gets 202, in the charset it names', async () => {
  const answer = await firm.anyone.post('/f/website', 'name=J%F6rg+Wei%DF&email=latin%40weiss.example', {
    'content-type': 'application/x-www-form-urlencoded; charset=iso-8859-1',
  });
  expect(answer).toHaveStatus(202);
  expect(await lead('latin@weiss.example')).toMatchObject({ name: 'Jörg Weiß' });
});

test('a demo request goes straight to sales, with the consent that was ticked', async () => {
  const body = { Name: 'Tom Ode', 'work email': 'tom@ode.example', 'What do you pump?': 'slurry', segment: 'mining', news: 'on' };
  expect(await firm.anyone.post('/f/demo', body)).toHaveStatus(202);
  expect(
    await rows(`select o.source, o.urgent, o.state from opportunity o join lead l on l.id = o.lead_id where l.email = 'tom@ode.example'`),
  ).toEqual([{ source: 'form', urgent: true, state: 'queued' }]);
  expect(
    await rows(
      `select c.topic, c.granted, c.text_version from consent c join lead l on l.id = c.lead_id where l.email = 'tom@ode.example'`,
    ),
  ).toEqual([{ topic: 'product-news', granted: true, text_version: '2026-01' }]);
  expect(await lead('tom@ode.example')).toMatchObject({ attributes: { segment: 'mining' } });
});

test('an unticked box is no consent; a newsletter form is one by being sent', async () => {
  await firm.anyone.post('/f/demo', { name: 'No News', email: 'no@news.example' });
  await firm.anyone.post('/f/newsletter', { email: 'yes@news.example' });
  expect(await rows('select l.email from consent c join lead l on l.id = c.lead_id where l.email like $1', '%@news.example')).toEqual([
    { email: 'yes@news.example' },
  ]);
  expect(await rows(`select e.name from event e join lead l on l.id = e.lead_id where l.email = 'yes@news.example'`)).toEqual([
    { name: 'subscribed' },
  ]);
});

test('the same submission twice is one event; ten minutes later it is another', async () => {
  await firm.freeze('2030-03-01T10:00:00Z');
  const body = { email: 'twice@acme.example', message: 'Call me' };
  const first = (await (await firm.anyone.post('/f/website', body)).json()) as object;
  expect(await (await firm.anyone.post('/f/website', { message: 'Call me', email: 'twice@acme.example' })).json()).toEqual(first);
  const events = () => rows(`select e.id from event e join lead l on l.id = e.lead_id where l.email = 'twice@acme.example'`);
  expect(await events()).toHaveLength(1);
  await firm.freeze('2030-03-01T10:11:00Z');
  await firm.anyone.post('/f/website', body);
  expect(await events()).toHaveLength(2);
});

test('twenty posts of one submission at once are one lead and one event; twenty of one address one lead', async () => {
  const same = await Promise.all(
    Array.from({ length: 20 }, () => firm.anyone.post('/f/website', { email: 'race@race.example', name: 'Race Car' })),
  );
  expect(same.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 202));
  expect(await rows(`select from event e join lead l on l.id = e.lead_id where l.email = 'race@race.example'`)).toHaveLength(1);
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, i) => firm.anyone.post('/f/demo', { email: 'race2@race.example', message: `Number ${i}` })),
  );
  expect(many.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 202));
  expect(await rows(`select from event e join lead l on l.id = e.lead_id where l.email = 'race2@race.example'`)).toHaveLength(20);
  expect(await rows(`select from lead where email like '%@race.example'`)).toHaveLength(2);
  expect(await rows(`select from account where domain = 'race.example'`)).toHaveLength(1);
  expect(await rows(`select from opportunity o join account a on a.id = o.account_id where a.domain = 'race.example'`)).toHaveLength(1);
});

test('what a visitor did before comes along when a form tells who it is', async () => {
  await firm.pool.query(`insert into event (anonymous_id, name, source) values ('visitor-1', 'page_viewed', 'segment')`);
  await firm.anyone.post('/f/website', {
    email: 'visitor@acme.example',
    tnd_aid: 'visitor-1',
    tnd_first: JSON.stringify({ utm: { source: 'ad' } }),
  });
  expect(
    await rows(`select e.name from event e join lead l on l.id = e.lead_id where l.email = 'visitor@acme.example' order by e.id`),
  ).toEqual([{ name: 'page_viewed' }, { name: 'form_submitted' }]);
  expect(await lead('visitor@acme.example')).toMatchObject({ first_touch: { utm: { source: 'ad' } } });
});

test('a new lead takes no more than twelve round trips, the transaction’s own included', async () => {
  const original = Client.prototype.query;
  const sent: string[] = [];
  Client.prototype.query = function (this: unknown, ...given: unknown[]) {
    const [first] = given;
    sent.push(typeof first === 'string' ? first : String((first as { text?: string }).text));
    return (original as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof original;
  try {
    expect(await firm.anyone.post('/f/website', { email: 'count@counted.example' })).toHaveStatus(202);
  } finally {
    Client.prototype.query = original;
  }
  expect(sent.slice(12)).toEqual([]);
});
