import { expect, test } from 'vitest';
import type { SalesFigures } from '../../../api/figures/read.ts';
import { addLeads, bodyOf, handToSales, lookingAfter } from '../../support/sales.ts';
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

test('as it is really lived: offered, accepted, given to a colleague, talked to, put off, won; and a promise broken meanwhile', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const [id, lost] = await handToSales(firm.pool, await addLeads(firm.pool, 2));
  const { lookAfter } = lookingAfter(firm.pool);
  for (const opportunityId of [id!, lost!]) await lookAfter({ opportunityId });
  const owner = async () => (await bodyOf(firm.get(`/v1/opportunities/${id}`))).owner.key;
  const first = await owner();
  const second = first === 'ana' ? 'ben' : 'ana';

  await firm.jump('4m');
  expect(await firm.post(`/v1/opportunities/${id}/accept`, { rep: first })).toHaveStatus(200);
  await firm.jump('1h');
  expect(await firm.post(`/v1/opportunities/${id}/reassign`, { rep: second })).toHaveStatus(200);
  await lookAfter({ opportunityId: id! });
  await firm.jump('10m');
  expect(await firm.post(`/v1/opportunities/${id}/accept`, { rep: second })).toHaveStatus(200);
  await firm.jump('20m');
  expect(await firm.post(`/v1/opportunities/${id}/touch`, {})).toHaveStatus(200);
  const deal = { stage: 'proposal', amount: 90, currency: 'EUR', expectedClose: '2026-12-31' };
  expect(await firm.patch(`/v1/opportunities/${id}`, deal)).toHaveStatus(200);
  expect(
    await firm.post(`/v1/opportunities/${id}/snooze`, { until: '2026-11-25T09:00:00Z', reason: 'trade fair', rep: second }),
  ).toHaveStatus(200);
  expect(await (await firm.anyone.get('/sales')).text()).toContain('put off by its rep');

  const during = await bodyOf<SalesFigures>(firm.get('/v1/figures/sales'));
  expect(during.pipeline.find((one) => one.n > 0 && one.stage !== 'offered')).toMatchObject({
    stage: 'proposal',
    n: 1,
    values: [{ currency: 'EUR', amount: 90, expected: 45 }],
  });
  expect(during.forecast.currencies).toMatchObject([{ currency: 'EUR', expected: 45, months: [{ month: '2026-12' }] }]);
  // Whoever had been offered the other one did not answer either: the look that came by gave it to their colleague.
  const times = (key: string) => during.accept.byRep.find(({ rep }) => rep === key);
  expect(times(first)).toMatchObject({ answered: 0, waiting: 1 });
  expect(times(second)).toMatchObject({ answered: 1, waiting: 0, wall: { median: 600, withinFive: 0 } });
  expect(during.firstTouch.total).toMatchObject({ answered: 1, waiting: 1, wall: { median: 94 * 60 } });

  expect(await firm.post(`/v1/opportunities/${id}/close`, { outcome: 'won' })).toHaveStatus(200);
  const csv = await (await firm.get('/v1/figures/commission.csv?month=2026-11')).text();
  expect(
    csv
      .split('\r\n')
      .slice(1, 3)
      .map((line) => line.split(',').slice(2, 7).join(',')),
  ).toEqual([
    `${first},${first === 'ana' ? 'Ana' : 'Ben'},accepted,0.3333,30.00`,
    `${second},${second === 'ana' ? 'Ana' : 'Ben'},touched won,0.6667,60.00`,
  ]);

  // The other was offered, and nobody answered until the promise was broken.
  for (let look = 0; look < 8; look++) {
    await firm.jump('2h');
    await lookAfter({ opportunityId: lost! });
  }
  const figures = await bodyOf<SalesFigures>(firm.get('/v1/figures/sales'));
  expect(figures.breaches).toMatchObject({ total: 1, byRep: [{ offered: 1, standing: 1 }] });
  expect(await (await firm.anyone.get('/sales')).text()).toContain('1 not accepted · 1 still');
});
