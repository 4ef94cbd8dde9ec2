import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type NewPerson, upsertLeads } from '../../../db/leads.ts';
import { inTransaction } from '../../../db/pool.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => void (db = await createDatabase()));
afterAll(() => db.drop());
beforeEach(() => db.pool.query('truncate lead, lead_identity, account cascade'));

const upsert = (...people: NewPerson[]) => inTransaction(db.pool, (tx) => upsertLeads(tx, people));
const leads = async () => (await db.pool.query('select * from lead order by id')).rows;

test('a new person becomes a lead with an account by the domain, and is found again by email', async () => {
  const [first] = await upsert({ email: 'ana@acme.example', firstName: 'Ana', lastName: 'Ruiz', company: 'Acme GmbH' });
  expect(first).toMatchObject({ created: true });
  const [again] = await upsert({ email: 'ana@acme.example', phone: '+4930123456', firstName: null, title: 'CTO' });
  expect(again).toEqual({ ...first, created: false });
  expect(await leads()).toMatchObject([
    { email: 'ana@acme.example', phone: '+4930123456', first_name: 'Ana', name: 'Ana Ruiz', title: 'CTO' },
  ]);
  expect((await db.pool.query('select name, name_key, domain from account')).rows).toEqual([
    { name: 'Acme GmbH', name_key: 'acme', domain: 'acme.example' },
  ]);
});

test('somebody known by phone alone gets the email given later', async () => {
  const [first] = await upsert({ phone: '+4930123456', firstName: 'Ana' });
  const [again] = await upsert({ phone: '+4930123456', email: 'ana@acme.example' });
  expect(again!.leadId).toBe(first!.leadId);
  expect(await leads()).toMatchObject([{ email: 'ana@acme.example', account_id: expect.any(String) }]);
});

test('a second email of the same number is another identity, never a new email', async () => {
  const [first] = await upsert({ phone: '+4930123456', email: 'ana@acme.example', name: 'Ana Ruiz' });
  const [again] = await upsert({ phone: '+4930123456', email: 'ana.ruiz@gmail.com' });
  const [third] = await upsert({ email: 'ana.ruiz@gmail.com', title: 'CTO' });
  expect([again!.leadId, third!.leadId]).toEqual([first!.leadId, first!.leadId]);
  expect(await leads()).toMatchObject([{ email: 'ana@acme.example', title: 'CTO' }]);
});

test('a test stays a test and a real lead stays real, whatever comes in later', async () => {
  await upsert({ email: 'try@acme.example', test: true }, { email: 'ana@acme.example' });
  await upsert({ email: 'try@acme.example', title: 'CTO' }, { email: 'ana@acme.example', test: true });
  await upsert({ email: 'try@acme.example', test: false });
  const { rows } = await db.pool.query('select email, test from lead order by email');
  expect(rows).toEqual([
    { email: 'ana@acme.example', test: false },
    { email: 'try@acme.example', test: true },
  ]);
});

test('two people behind one switchboard stay two', async () => {
  const [ana] = await upsert({ phone: '+4930123456', email: 'ana@acme.example', name: 'Ana Ruiz' });
  const [ben] = await upsert({ phone: '+4930123456', email: 'ben@acme.example', name: 'Ben Ode' });
  expect(ben!.leadId).not.toBe(ana!.leadId);
  const batch = await upsert(
    { phone: '+4940999999', email: 'a@acme.example', name: 'A' },
    { phone: '+4940999999', email: 'b@acme.example', name: 'B' },
  );
  expect(new Set(batch.map((lead) => lead!.leadId)).size).toBe(2);
});

test('a batch that names one person three times makes one lead', async () => {
  const batch = await upsert(
    { email: 'mei@huadong.example', firstName: 'Mei' },
    { phone: '+8613800138000', email: 'mei@huadong.example' },
    { phone: '+8613800138000', title: 'Buyer' },
    { userId: 'u1', email: 'mei@huadong.example', attributes: { plan: 'pro', blank: '' } },
  );
  expect(new Set(batch.map((lead) => lead!.leadId)).size).toBe(1);
  expect(await leads()).toMatchObject([{ phone: '+8613800138000', title: 'Buyer', first_name: 'Mei', attributes: { plan: 'pro' } }]);
  expect((await upsert({ userId: 'u1' }, { userId: 'u2' }, { anonymousId: 'a' })).map((lead) => lead?.leadId ?? null)).toEqual([
    batch[0]!.leadId,
    null,
    null,
  ]);
});

test('free mail makes no account; the same name elsewhere is only a hint', async () => {
  await upsert({ email: 'ana@acme.example', company: 'Acme GmbH' });
  await upsert({ email: 'ana@gmail.com', company: 'ACME Ltd.' });
  const [, hinted] = await leads();
  expect(hinted).toMatchObject({ account_id: null, account_hint_id: expect.any(String) });
  expect((await db.pool.query('select from account')).rowCount).toBe(1);
});

test('twenty at once of one address, and of one number, make one lead each and one account', async () => {
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => upsert({ email: 'ana@acme.example', phone: i % 2 ? '+4930123456' : null, title: `T${i}` })),
  );
  expect(new Set(all.map(([lead]) => lead!.leadId)).size).toBe(1);
  expect(all.filter(([lead]) => lead!.created)).toHaveLength(1);
  const phones = await Promise.all(
    Array.from({ length: 20 }, (_, i) => upsert({ phone: '+4940765432', email: i % 3 === 0 ? 'x@acme.example' : null })),
  );
  expect(new Set(phones.map(([lead]) => lead!.leadId)).size).toBe(1);
  expect((await db.pool.query('select from lead l where not exists (select from lead_identity i where i.lead_id = l.id)')).rowCount).toBe(
    0,
  );
  expect((await db.pool.query('select from account')).rowCount).toBe(1);
});

test('crossed batches of five hundred settle without a duplicate', async () => {
  const people = Array.from({ length: 500 }, (_, i): NewPerson => ({
    email: `p${i}@firm${i % 50}.example`,
    phone: `+49301${String(i).padStart(6, '0')}`,
  }));
  await Promise.all([upsert(...people), upsert(...people.toReversed()), upsert(...people.map(({ phone }) => ({ phone })))]);
  const { rows } = await db.pool.query('select count(*)::int as leads, count(email)::int as emails from lead');
  expect(rows[0]).toEqual({ leads: 500, emails: 500 });
});
