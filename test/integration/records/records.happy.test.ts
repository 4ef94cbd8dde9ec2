import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const contract = {
  account: { domain: 'www.aguas.example', name: 'Aguas del Sur' },
  status: 'Active',
  amount: 1200.5,
  currency: 'EUR',
  products: ['pump'],
  dates: { ends_at: '2026-07-01' },
};

test('a contract is told, told again, renewed: a new status is an event of everybody of its company', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await happen(firm.pool, 'signed_up', [{ email: 'ana@aguas.example' }, { email: 'ben@aguas.example' }, { email: 'jo@us.example' }]);
  const told = await firm.put('/v1/records/contract/C-1', contract);
  expect(told).toHaveStatus(201);
  expect(await told.json()).toMatchObject({
    kind: 'contract',
    externalId: 'C-1',
    status: 'active',
    amount: 1200.5,
    account: { domain: 'aguas.example' },
    lead: null,
  });
  expect(await firm.put('/v1/records/contract/C-1', contract)).toHaveStatus(200);

  await launch(
    firm,
    campaignOf({
      key: 'renewed',
      entry: { event: 'contract_renewed' },
      reentry: { key: 'contract' },
      steps: [{ id: 'a', at: { date: 'contract.ends_at', offset: '-30d', ifMoved: 'exit' }, steps: [{ id: 'b', wait: '1d' }] }],
    }),
  );
  const batch = await firm.post('/v1/records', {
    items: [
      { kind: 'contract', externalId: 'C-1', record: { ...contract, status: 'renewed' } },
      {
        kind: 'quote',
        externalId: 'Q-1',
        record: { email: 'New@Buyer.example', status: 'sent', dates: { valid_until: '2026-04-01T12:00:00+02:00' } },
      },
      { kind: 'contract', externalId: 'C-2', record: contract },
    ],
  });
  expect(await batch.json()).toEqual({ created: 2, changed: 1, unchanged: 0 });
  const { rows: events } = await firm.pool.query(
    `select l.email, e.name, coalesce(e.properties ->> 'contract', e.properties ->> 'quote') as number from event e join lead l on l.id = e.lead_id where source = 'record' order by 2, 3, 1`,
  );
  expect(events).toEqual([
    { email: 'ana@aguas.example', name: 'contract_active', number: 'C-1' },
    { email: 'ben@aguas.example', name: 'contract_active', number: 'C-1' },
    { email: 'ana@aguas.example', name: 'contract_active', number: 'C-2' },
    { email: 'ben@aguas.example', name: 'contract_active', number: 'C-2' },
    { email: 'ana@aguas.example', name: 'contract_renewed', number: 'C-1' },
    { email: 'ben@aguas.example', name: 'contract_renewed', number: 'C-1' },
    { email: 'new@buyer.example', name: 'quote_sent', number: 'Q-1' },
  ]);

  await look(firm, 'renewed');
  expect(await standing(firm, 'renewed', 'ana@aguas.example')).toMatchObject([{ stepId: 'a', dueAt: new Date('2026-06-01T00:00:00Z') }]);
  // Its date moves: whoever it brought in is woken, and by `ifMoved: exit` leaves.
  await firm.put('/v1/records/contract/C-1', { ...contract, status: 'renewed', dates: { ends_at: '2027-07-01' } });
  await look(firm, 'renewed');
  expect(await standing(firm, 'renewed', 'ana@aguas.example')).toMatchObject([{ state: 'exited', endReason: 'date_moved' }]);

  expect(await (await firm.get('/v1/records?kind=contract&status=active')).json()).toMatchObject({
    items: [{ externalId: 'C-2' }],
    nextCursor: null,
  });
  expect(await (await firm.get('/v1/records/quote/Q-1')).json()).toMatchObject({
    lead: { email: 'new@buyer.example' },
    account: { domain: 'buyer.example' },
  });
});

test('a service case wakes everybody of the company, whoever it names', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await launch(firm, campaignOf({ key: 'slow', steps: [{ id: 'w', wait: '30d' }] }));
  await happen(firm.pool, 'signed_up', [{ email: 'ana@aguas.example' }, { email: 'ben@aguas.example' }]);
  await look(firm, 'slow');
  const open = { email: 'ana@aguas.example', status: 'open' };
  await firm.put('/v1/records/case/S-1', open);
  expect((await firm.pool.query('select count(distinct enrolment_id)::int as n from wake')).rows).toEqual([{ n: 2 }]);
  expect((await firm.pool.query(`select l.email from event e join lead l on l.id = e.lead_id where e.name = 'case_open'`)).rows).toEqual([
    { email: 'ana@aguas.example' },
  ]);
});
