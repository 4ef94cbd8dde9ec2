import { expect, test } from 'vitest';
import type { SalesFigures } from '../../../api/figures/read.ts';
import { tendril } from '../../support/cli.ts';
import { tellSales } from '../../support/sales-history.ts';
import { workspace } from '../../support/workspace.ts';

/**
 * Ana is due twice what Ben is. They work from nine to five in Berlin, an hour before UTC in winter. Wednesday, 4 March 2026, noon there.
 */
async function firmWithHistory() {
  const firm = await workspace({ at: '2026-03-04T11:00:00Z', reps: { ana: 2, ben: 1 } });
  await firm.pool.query(`update workspace set timezone = 'Europe/Berlin'`);
  await firm.pool.query(`update rep set timezone = 'Europe/Berlin'`);
  await firm.pool.query(`insert into pool (key, name) values ('partners', 'Partners')`);
  await tellSales(firm.pool, [
    // Offered on Friday at 16:58 there, accepted on Monday at 9:02: four minutes of work, over 64 hours.
    {
      owner: 'ana',
      state: 'won',
      created: '2026-02-27T15:58:00Z',
      offered: '2026-02-27T15:58:00Z',
      accepted: '2026-03-02T08:02:00Z',
      touched: '2026-03-02T08:03:00Z',
      closed: '2026-03-03T10:00:00Z',
      amount: 9_000,
      currency: 'EUR',
      source: 'form',
      form: 'contact',
      rule: 'dach',
      grade: 'A',
    },
    // Ben accepted within an hour; Ana has it now, and has not talked to them.
    {
      owner: 'ana',
      acceptedBy: 'ben',
      state: 'accepted',
      created: '2026-03-03T09:00:00Z',
      offered: '2026-03-03T09:00:00Z',
      accepted: '2026-03-03T10:00:00Z',
      amount: 1_000,
      currency: 'EUR',
      expectedClose: '2026-04-15',
      stage: 'proposal',
      rule: 'dach',
    },
    {
      owner: 'ben',
      state: 'lost',
      created: '2026-02-20T09:00:00Z',
      offered: '2026-02-20T09:00:00Z',
      accepted: '2026-02-20T09:02:00Z',
      touched: '2026-02-20T11:00:00Z',
      touchedBy: 'ana',
      closed: '2026-03-01T10:00:00Z',
      amount: 500,
      currency: 'USD',
      reason: 'price',
    },
    {
      owner: 'ben',
      state: 'rejected',
      created: '2026-03-02T09:00:00Z',
      offered: '2026-03-02T09:00:00Z',
      closed: '2026-03-02T09:30:00Z',
      reason: 'junk',
    },
    { state: 'queued', created: '2026-03-04T10:50:00Z' },
    { owner: 'ana', state: 'offered', created: '2026-03-04T10:57:00Z', offered: '2026-03-04T10:57:00Z', amount: 200, currency: 'CHF' },
    // None of what follows is told of: a test, and what was before the period.
    {
      owner: 'ben',
      state: 'won',
      created: '2026-03-01T09:00:00Z',
      closed: '2026-03-02T09:00:00Z',
      amount: 10 ** 6,
      currency: 'EUR',
      test: true,
    },
    {
      owner: 'ben',
      state: 'won',
      created: '2026-01-01T09:00:00Z',
      offered: '2026-01-01T09:00:00Z',
      accepted: '2026-01-02T09:00:00Z',
      closed: '2026-01-31T22:59:00Z',
      amount: 1_000,
      currency: 'EUR',
    },
  ]);
  // Two promises that Ben broke, of which one is still broken, and one that turned out to have been kept.
  await firm.pool.query(
    `insert into breach (opportunity_id, state, rep_id, pool_id, since, due_at, ended_at, withdrawn_at, epoch)
     select o.id, b.state, r.id, o.pool_id, o.created_at, '2026-03-02T12:00:00Z', case when b.state <> 'touched' then clock() end, case when b.epoch = 1 then clock() end, b.epoch
       from (values ('offered', 0), ('touched', 0), ('accepted', 1)) as b (state, epoch), rep r, opportunity o where r.key = 'ben' and o.rejected_reason = 'junk'`,
  );
  return firm;
}

test('what was opened in the period is counted by hand: times, fairness, concentration, conversion, reasons, pipeline, forecast', async () => {
  const firm = await firmWithHistory();
  const answer = await firm.get('/v1/figures/sales?from=2026-02-01');
  expect(answer).toHaveStatus(200);
  const figures = (await answer.json()) as SalesFigures;
  expect(figures).toMatchObject({ from: '2026-01-31T23:00:00.000Z', to: '2026-03-04T23:00:00.000Z', zone: 'Europe/Berlin' });

  // Three acceptances, by working time 4, 60 and 2 minutes; of the two that wait one has waited ten minutes.
  expect(figures.accept.total).toEqual({
    answered: 3,
    waiting: 2,
    working: { median: 240, p90: 240 + 0.8 * (3_600 - 240), withinFive: 2 / 4 },
    wall: { median: 3_600, p90: 3_600 + 0.8 * (64 * 3_600 + 240 - 3_600), withinFive: 1 / 4 },
  });
  expect(figures.accept.byRep).toMatchObject([
    { rep: 'ana', name: 'Ana', answered: 1, waiting: 1, working: { median: 240, withinFive: 1 } },
    { rep: 'ben', answered: 2, waiting: 0, working: { median: 1_860, withinFive: 0.5 } },
    { rep: null, name: null, answered: 0, waiting: 1, working: { median: null, withinFive: 0 } },
  ]);
  expect(figures.accept.byGrade.map(({ grade, answered }) => [grade, answered])).toEqual([
    [null, 2],
    ['A', 1],
  ]);
  expect(figures.firstTouch.total).toMatchObject({ answered: 2, waiting: 3, working: { median: 3_750 } });
  expect(figures.firstTouch.byRep.map(({ rep, answered, waiting }) => [rep, answered, waiting])).toEqual([
    ['ana', 2, 2],
    [null, 0, 1],
  ]);
  expect(figures.firstTouch.bySource.map(({ source, answered, waiting }) => [source, answered, waiting])).toEqual([
    ['api', 1, 3],
    ['form', 1, 0],
  ]);

  // Ana has three of five, where two of three are hers: Lorenz by hand, (2/5 of the leads with 1/3 of the weight) − the area under it.
  expect(figures.fairness).toMatchObject([
    {
      pool: 'sales',
      reps: [
        { rep: 'ana', due: 2 / 3, leads: 3, share: 0.6, values: { EUR: 10_000, CHF: 200 } },
        { rep: 'ben', due: 1 / 3, leads: 2, share: 0.4, values: { USD: 500 } },
      ],
    },
  ]);
  expect(figures.fairness[0]!.gini).toBeCloseTo(2 / 3 - 3 / 5, 9);
  expect(figures.fairness[0]!.giniOfValue).toMatchObject({ EUR: expect.closeTo(1 / 3, 9), USD: expect.closeTo(2 / 3, 9) });
  expect(figures.concentration).toMatchObject({
    won: [{ currency: 'EUR', amount: 9_000, deals: 1, herfindahl: 1, topShare: 1, reps: [{ rep: 'ana', deals: 1, share: 1 }] }],
    withoutAmount: 0,
  });

  expect(figures.breaches).toEqual({
    total: 2,
    byRep: [{ rep: 'ben', name: 'Ben', offered: 1, accepted: 0, touched: 1, review: 0, standing: 1 }],
  });

  const { all, byRule, byForm, bySource } = figures.conversion;
  expect(all).toMatchObject({ opened: 6, open: 3, accepted: { n: 3, rate: 0.5 }, touched: { n: 2 }, won: { n: 1 } });
  // Wilson's interval of 1 in 6, as in the tables.
  expect(all.won).toMatchObject({ low: expect.closeTo(0.0301, 4), high: expect.closeTo(0.5635, 4) });
  expect(byRule).toMatchObject([
    { key: null, opened: 4 },
    { key: 'dach', opened: 2, won: { n: 1, rate: 0.5 } },
  ]);
  expect(byForm.map(({ key, opened }) => [key, opened])).toEqual([
    [null, 5],
    ['contact', 1],
  ]);
  expect(bySource.map(({ key, opened }) => [key, opened])).toEqual([
    ['api', 5],
    ['form', 1],
  ]);
  expect(figures.rejections).toEqual([{ reason: 'junk', label: 'Not a lead at all', n: 1 }]);
  expect(figures.losses).toMatchObject([{ reason: 'price', n: 1, values: { USD: 500 } }]);

  const standing = figures.pipeline.filter((one) => one.n > 0);
  expect(standing).toEqual([
    { stage: 'queued', name: 'In the queue', probability: 0.05, n: 1, withoutAmount: 1, values: [] },
    {
      stage: 'offered',
      name: 'Offered',
      probability: 0.05,
      n: 1,
      withoutAmount: 0,
      values: [{ currency: 'CHF', amount: 200, expected: 10 }],
    },
    {
      stage: 'proposal',
      name: 'Proposal',
      probability: 0.5,
      n: 1,
      withoutAmount: 0,
      values: [{ currency: 'EUR', amount: 1_000, expected: 500 }],
    },
  ]);
  expect(figures.forecast).toEqual({
    confidence: 0.8,
    withoutAmount: 1,
    currencies: [
      {
        currency: 'CHF',
        deals: 1,
        total: 200,
        expected: 10,
        low: 0,
        high: 10,
        months: [{ month: null, deals: 1, total: 200, expected: 10, low: 0, high: 10 }],
      },
      {
        currency: 'EUR',
        deals: 1,
        total: 1_000,
        expected: 500,
        low: 0,
        high: 1_000,
        months: [{ month: '2026-04', deals: 1, total: 1_000, expected: 500, low: 0, high: 1_000 }],
      },
    ],
  });

  // One rep alone: what Ben accepted is Ben's, though Ana has it now.
  const ben = (await (await firm.get('/v1/figures/sales?from=2026-02-01&rep=ben&pool=sales')).json()) as SalesFigures;
  expect(ben).toMatchObject({
    accept: { total: { answered: 2, waiting: 0 } },
    conversion: { all: { opened: 2, won: { n: 0 } } },
    rejections: [{ n: 1 }],
  });
  expect(ben.forecast.currencies).toEqual([]);
  const partners = (await (await firm.get('/v1/figures/sales?pool=partners')).json()) as SalesFigures;
  expect(partners).toMatchObject({
    accept: { total: { answered: 0, waiting: 0, wall: { median: null, withinFive: null } } },
    fairness: [],
    breaches: { total: 0 },
  });

  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  const shown = await tendril(['figures', '--from', '2026-02-01'], env);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('1 February 2026 to 4 March 2026 (Europe/Berlin)');
  for (const line of [
    /Ana +1 +1 +4 min +4 min +100% +2 d 16 h/,
    /rule dach +2 +2 +1 +1 +50%/,
    /Ben +1 +0 +1 +0 +1/,
    /Apr 2026 +1 +500 EUR +0 EUR +1,000 EUR/,
  ])
    expect(shown.out).toMatch(line);
  expect((await tendril(['figures', 'sales', '--pool', 'nowhere'], env)).err).toContain("There is no pool 'nowhere'");
  expect((await tendril(['figures', 'commission', '--month', '2026-03'], env)).out).toMatch(
    /,ana,Ana,accepted touched won,1\.0000,9000\.00,9000\.00,EUR,/,
  );
});
