import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const documents = {
  form: {
    website: { key: 'website', name: 'Website', purpose: 'contact' },
    demo: {
      key: 'demo',
      name: 'Demo',
      purpose: 'demo_request',
      then: 'handoff',
      consent: { topic: 'news', textVersion: '1', field: 'news' },
    },
  },
};

/** One person told in three forms, one form sent thrice, colleagues, a number shared, a visitor, junk, no address, tests, and one that the database refuses. */
const submissions: [form: string, body: Record<string, unknown>][] = [
  ['website', { email: 'mei@huadong.example', first_name: 'Mei', company: 'Huadong Ltd', tnd_aid: 'visitor-1' }],
  ['demo', { email: 'mei@huadong.example', last_name: 'Lin', phone: '+4930123456', news: 'on' }],
  ['website', { phone: '+49 30 123456', job_title: 'Buyer' }],
  ...Array.from({ length: 3 }, (): [string, Record<string, unknown>] => ['demo', { email: 'twice@acme.example', message: 'Call me' }]),
  ['demo', { email: 'boss@huadong.example', name: 'Li Wei', phone: '+4930123456', company: 'Huadong' }],
  ['website', { email: 'ana@acme.example', company: 'Acme GmbH' }],
  ['website', { email: 'ben@acme-pumps.example', company: 'ACME Ltd.' }],
  ['website', { email: 'cat@gmail.com', company: 'acme' }],
  ['website', { email: 'bot@spam.example', _gotcha: 'x' }],
  ['website', { name: 'Nobody', message: 'no address' }],
  ['website', { email: 'poison@acme.example' }],
  ['demo', { email: 'try@acme.example', tnd_test: 'yes' }],
  ...Array.from({ length: 40 }, (_, n): [string, Record<string, unknown>] => [
    n % 2 ? 'demo' : 'website',
    { email: `p${n}@firm${n % 7}.example`, n },
  ]),
];

/** What a workspace holds, without ids and instants. */
async function contents({ pool }: Workspace) {
  const { rows } = await pool.query<{ what: object }>(
    `select to_jsonb(all_of) as what from (
       select 'lead' as what, concat_ws('|', l.email, l.phone, l.first_name, l.last_name, l.name, l.title, l.company, l.stage, l.test) as told,
              a.domain, h.domain as hint,
              array(select i.kind || ' ' || i.value from lead_identity i where i.lead_id = l.id order by 1) as keys,
              array(select concat_ws('|', e.name, e.anonymous_id, e.properties ->> 'form', e.properties ->> 'n') from event e where e.lead_id = l.id order by 1) as events,
              array(select topic || ' ' || (proof ->> 'form') from consent c where c.lead_id = l.id) as consents,
              (select count(*) from score_wake w where w.lead_id = l.id) as wakes
         from lead l left join account a on a.id = l.account_id left join account h on h.id = l.account_hint_id
       union all
       select 'account', concat_ws('|', name, name_key, country), domain, null, array[]::text[], array[]::text[],
              array(select l.email from opportunity o join opportunity_lead ol on ol.opportunity_id = o.id join lead l on l.id = ol.lead_id where o.account_id = account.id order by 1),
              (select count(*) from opportunity o where o.account_id = account.id)
         from account
       union all
       select 'submission', concat_ws('|', s.state, s.reason, s.test, s.raw::text), s.form_key, l.email, array[]::text[], array[e.name], array[]::text[],
              (select count(*) from event_key k where k.ref = s.id)
         from submission s left join lead l on l.id = s.lead_id left join event e on e.id = s.event_id and e.lead_id = s.lead_id
     ) as all_of order by 1`,
  );
  return rows.map(({ what }) => what);
}

async function firmWith(): Promise<Workspace> {
  const firm = await workspace({ documents, reps: ['ana'], at: '2026-03-02T09:00:00Z' });
  await firm.pool.query(`insert into event (anonymous_id, name, source) values ('visitor-1', 'page_viewed', 'segment')`);
  await firm.pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$`);
  await firm.pool.query(
    `create trigger refuse before insert on lead for each row when (new.email = 'poison@acme.example') execute function refuse()`,
  );
  // From here on both forms are known, so that submissions are taken in the order in which they are sent.
  for (const form of ['website', 'demo']) expect(await firm.anyone.post(`/f/${form}`, { email: 'first@first.example' })).toHaveStatus(202);
  return firm;
}

test('submissions that come at once leave what they leave one after the other, and a poisonous one fails alone', async () => {
  const [together, alone] = await Promise.all([firmWith(), firmWith()]);
  const send = async (firm: Workspace, [form, body]: (typeof submissions)[number]) => {
    const answer = await firm.anyone.post(`/f/${form}`, body);
    return { status: answer.status, ...((await answer.json()) as { submissionId?: string; state?: string }) };
  };
  const one = [];
  for (const submission of submissions) one.push(await send(alone, submission));
  const many = await Promise.all(submissions.map((submission) => send(together, submission)));

  expect(many.map(({ status, state }) => [status, state])).toEqual(one.map(({ status, state }) => [status, state]));
  expect(many.filter(({ status }) => status !== 202)).toHaveLength(1);
  expect(new Set(many.slice(3, 6).map(({ submissionId }) => submissionId)).size).toBe(1);
  expect(await contents(together)).toEqual(await contents(alone));
  const { rows } = await together.pool.query('select distinct xmin from submission');
  expect(rows.length).toBeLessThan(submissions.length / 2);
});

test('a form that has changed is in force at once, for what it takes and for what it refuses', async () => {
  const firm = await workspace({ documents });
  const put = async (change: object) => putDocument(firm.pool, 'form', 'website', { ...documents.form.website, ...change });
  const post = (body: object) => firm.anyone.post('/f/website', body);
  expect(await post({ email: 'a@acme.example', Fach: 'Pumpen' })).toHaveStatus(202);
  await put({ mapping: { Fach: 'attributes.trade' }, required: ['name'] });
  expect(await post({ email: 'b@acme.example', Fach: 'Pumpen' })).toHaveStatus(422);
  expect(await post({ email: 'b@acme.example', name: 'Ben Ode', Fach: 'Pumpen' })).toHaveStatus(202);
  await put({ mapping: { Fach: 'attributes.subject' } });
  expect(await post({ email: 'c@acme.example', Fach: 'Pumpen' })).toHaveStatus(202);
  const { rows } = await firm.pool.query('select attributes from lead order by email');
  expect(rows.map(({ attributes }) => attributes)).toEqual([{}, { trade: 'Pumpen' }, { subject: 'Pumpen' }]);
});
