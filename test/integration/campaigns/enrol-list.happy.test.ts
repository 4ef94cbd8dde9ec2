import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

test('a CSV list and a JSON list: everybody on it enters, the unknown are made, faulty rows are named', async () => {
  const firm = await workspace({ documents: topics });
  await launch(firm, campaignOf({ key: 'cold', entry: [], steps: [{ id: 'w', wait: '1d' }] }));
  const [known] = await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  const csv = 'E-mail\tFull name\tProduct\nmei@huadong.example\tMei Lin\tP-100\nnew@aguas.example\tNoa Ruiz\tP-200\n\nnobody\t\tP-300\n';
  const listed = await firm.post('/v1/campaigns/cold/enrolments', csv, { 'content-type': 'text/csv; charset=utf-8' });
  expect(listed).toHaveStatus(202);
  expect(await listed.json()).toEqual({ taken: 2, faults: [{ row: 5, reason: 'the email given cannot be used' }] });
  const more = await firm.post('/v1/campaigns/cold/enrolments', {
    people: [
      { phone: '+49 30 901820', properties: { product: 'P-1' } },
      { leadId: known },
      { leadId: '0197c000-0000-7000-8000-000000000000' },
      {},
    ],
  });
  expect(await more.json()).toEqual({
    taken: 2,
    faults: [
      { row: 3, reason: 'there is no lead of this id' },
      { row: 4, reason: 'names nobody: it has no leadId, email or phone' },
    ],
  });
  await look(firm, 'cold');
  expect(await standing(firm, 'cold', 'new@aguas.example')).toMatchObject([{ state: 'active' }]);
  expect(await standing(firm, 'cold', 'mei@huadong.example')).toHaveLength(1);
  const { rows } = await firm.pool.query(`select entry ->> 'product' as product from enrolment order by 1`);
  expect(rows).toEqual([{ product: 'P-1' }, { product: 'P-100' }, { product: 'P-200' }]);
  expect(await (await firm.get('/v1/leads/new@aguas.example')).json()).toMatchObject({ firstName: 'Noa', lastName: 'Ruiz' });
});

test('a list of as many people as go at once is taken, and a longer one is told so', async () => {
  const firm = await workspace({ documents: topics });
  await launch(firm, campaignOf({ key: 'cold', entry: [], steps: [{ id: 'w', wait: '1d' }] }));
  const post = (rows: number) =>
    firm.post(
      '/v1/campaigns/cold/enrolments',
      `Email;First name;Company\n${Array.from({ length: rows }, (_, i) => `person-${i}@firm-${i % 50}.example;Person ${i};The firm of number ${i % 50}\n`).join('')}`,
      { 'content-type': 'text/csv' },
    );
  expect(await (await post(10_000)).json()).toEqual({ taken: 10_000, faults: [] });
  const longer = await post(10_001);
  expect(longer).toHaveStatus(422);
  expect(await longer.json()).toMatchObject({ detail: expect.stringContaining('at most 10000 go at once') as string });
});
