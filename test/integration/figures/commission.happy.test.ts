import { expect, test } from 'vitest';
import { tellSales } from '../../support/sales-history.ts';
import { workspace } from '../../support/workspace.ts';

test('the month’s deals with who held them, the same rows whenever they are asked for; nothing in them runs as a formula', async () => {
  const firm = await workspace({ at: '2026-04-10T08:00:00Z', reps: ['ana', 'ben'] });
  await firm.pool.query(`update workspace set timezone = 'Asia/Shanghai'`);
  const deal = {
    owner: 'ben',
    state: 'won',
    created: '2026-03-01T00:00:00Z',
    offered: '2026-03-01T00:00:00Z',
    accepted: '2026-03-01T01:00:00Z',
  } as const;
  const [shared, own] = await tellSales(firm.pool, [
    {
      ...deal,
      acceptedBy: 'ana',
      touched: '2026-03-02T00:00:00Z',
      closed: '2026-03-20T00:00:00Z',
      amount: 100,
      currency: 'EUR',
      company: '=cmd()',
    },
    // April in Shanghai begins while it is March in London.
    { ...deal, closed: '2026-03-31T15:59:59Z', company: 'Huadong, "Pumps"' },
    { ...deal, closed: '2026-03-31T16:00:00Z', amount: 7, currency: 'EUR' },
    { ...deal, closed: '2026-03-20T00:00:00Z', amount: 1_000, currency: 'EUR', test: true },
    { ...deal, state: 'lost', closed: '2026-03-20T00:00:00Z', amount: 1_000, currency: 'EUR' },
  ]);
  const answer = await firm.get('/v1/figures/commission.csv?month=2026-03');
  expect(answer).toHaveStatus(200);
  expect(answer.headers.get('content-disposition')).toContain('commission-2026-03.csv');
  const text = await answer.text();
  expect(text.split('\r\n')).toEqual([
    'opportunity,account,rep,rep_name,held,share,basis,amount,currency,closed_at,touched_at',
    `${shared},'=cmd(),ana,Ana,accepted,0.3333,33.33,100.00,EUR,2026-03-20T00:00:00.000Z,2026-03-02T00:00:00.000Z`,
    `${shared},'=cmd(),ben,Ben,touched won,0.6667,66.67,100.00,EUR,2026-03-20T00:00:00.000Z,2026-03-02T00:00:00.000Z`,
    `${own},"Huadong, ""Pumps""",ben,Ben,accepted won,1.0000,,,,2026-03-31T15:59:59.000Z,`,
    '',
  ]);
  await firm.jump('3d');
  expect(await (await firm.get('/v1/figures/commission.csv?month=2026-03')).text()).toBe(text);
});
