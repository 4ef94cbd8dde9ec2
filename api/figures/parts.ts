import type { z } from '@hono/zod-openapi';
import type { readAccountsOwned, Won } from '../../db/figures/concentration.ts';
import type { OriginFunnel, Funnel } from '../../db/figures/conversion.ts';
import type { Dealt } from '../../db/figures/fairness.ts';
import type { Expected, Standing } from '../../db/figures/pipeline.ts';
import { FORECAST_CONFIDENCE, type Forecast, forecast, nothing, restOf, SINGLE_DEALS, together } from '../../domain/figures/forecast.ts';
import { gini, herfindahl } from '../../domain/figures/inequality.ts';
import type { Stage } from '../../domain/figures/stages.ts';
import type { Times } from '../../domain/figures/times.ts';
import { groupBy } from '../../domain/group-by.ts';
import { interval } from '../../domain/statistics.ts';
import type { salesFigures } from './schema.ts';

type Figures = z.infer<typeof salesFigures>;

/** Reps by id. */
export type Names = ReadonlyMap<string, { key: string; name: string }>;

/** Times with the groups named as the API names them. */
export function namedTimes({ total, byRep, byPool, byGrade, bySource }: Times, names: Names): Figures['accept'] {
  return {
    total,
    byRep: byRep.map(({ of, ...timing }) => {
      const rep = of === null ? undefined : names.get(of);
      return { rep: rep?.key ?? null, name: rep?.name ?? null, ...timing };
    }),
    byPool: byPool.map(({ of, ...timing }) => ({ pool: of, ...timing })),
    byGrade: byGrade.map(({ of, ...timing }) => ({ grade: of, ...timing })),
    bySource: bySource.map(({ of, ...timing }) => ({ source: of, ...timing })),
  };
}

/** How each pool's leads lie with its members. Who is no member is shown, and not compared. */
export function fairness(dealt: readonly Dealt[]): Figures['fairness'] {
  return [...groupBy(dealt, (one) => one.pool)].map(([pool, reps]) => {
    const members = reps.flatMap(({ weight, ...rep }) => (weight === null ? [] : [{ ...rep, weight }]));
    const weights = members.reduce((sum, one) => sum + one.weight, 0);
    const leads = members.reduce((sum, one) => sum + one.leads, 0);
    const currencies = [...new Set(members.flatMap((one) => Object.keys(one.values)))].toSorted();
    const ofValue = currencies.flatMap((currency) => {
      const found = gini(members.map(({ weight, values }) => ({ weight, amount: values[currency] ?? 0 })));
      return found === null ? [] : [[currency, found] as const];
    });
    return {
      pool,
      name: reps[0]!.poolName,
      gini: gini(members.map(({ weight, leads: amount }) => ({ weight, amount }))),
      giniOfValue: Object.fromEntries(ofValue),
      reps: reps.map(({ rep, name, weight, leads: own, values }) => ({
        rep,
        name,
        due: weight === null ? null : weight / weights,
        leads: own,
        share: weight === null || leads === 0 ? null : own / leads,
        values,
      })),
    };
  });
}

/** In whose hands lies what was won. */
export function concentration(won: readonly Won[], accounts: Awaited<ReturnType<typeof readAccountsOwned>>): Figures['concentration'] {
  const worth = won.flatMap(({ currency, ...one }) => (currency === null || one.amount <= 0 ? [] : [{ ...one, currency }]));
  return {
    won: [...groupBy(worth, (one) => one.currency)].map(([currency, reps]) => {
      const amount = reps.reduce((sum, one) => sum + one.amount, 0);
      const shares = reps.map(({ rep, name, deals, amount: own }) => ({ rep, name, deals, amount: own, share: own / amount }));
      return {
        currency,
        amount,
        deals: reps.reduce((sum, one) => sum + one.deals, 0),
        herfindahl: herfindahl(reps.map((one) => one.amount)),
        topShare: Math.max(...shares.map((one) => one.share)),
        reps: shares,
      };
    }),
    withoutAmount: won.reduce((sum, one) => (one.currency === null || one.amount <= 0 ? sum + one.deals : sum), 0),
    accounts,
  };
}

const MOST_ORIGINS = 50;
const CONFIDENCE = 0.95;

const rates = ({ opened, open, accepted, touched, won }: Funnel) => {
  const step = (n: number) => ({ n, rate: opened === 0 ? null : n / opened, ...interval({ n: opened, successes: n }, CONFIDENCE) });
  return { opened, open, accepted: step(accepted), touched: step(touched), won: step(won) };
};

/** How far what was opened came, by where it came from. */
export function conversion(funnels: readonly OriginFunnel[]): Figures['conversion'] {
  const by = (origin: OriginFunnel['by']) =>
    funnels
      .filter((one) => one.by === origin)
      .slice(0, MOST_ORIGINS)
      .map((one) => ({ key: one.of, name: one.name, ...rates(one) }));
  const all = funnels.find((one) => one.by === 'all') ?? { opened: 0, open: 0, accepted: 0, touched: 0, won: 0 };
  return { all: rates(all), byRule: by('rule'), bySource: by('source'), byCampaign: by('campaign'), byForm: by('form') };
}

/** What is open, stage by stage. */
export function pipelineStages(standing: readonly Standing[], stages: readonly Stage[]): Figures['pipeline'] {
  const byStage = groupBy(standing, (one) => one.stage);
  return stages.map(({ key, name, probability }) => {
    const here = byStage.get(key) ?? [];
    return {
      stage: key,
      name,
      probability,
      n: here.reduce((sum, one) => sum + one.n, 0),
      withoutAmount: here.reduce((sum, one) => (one.currency === null ? sum + one.n : sum), 0),
      values: here.flatMap(({ currency, amount }) => (currency === null ? [] : [{ currency, amount, expected: amount * probability }])),
    };
  });
}

/** What will come of it, by currency and month. */
export function forecasts(expected: readonly Expected[], standing: readonly Standing[]): Figures['forecast'] {
  return {
    confidence: FORECAST_CONFIDENCE,
    withoutAmount: standing.reduce((sum, one) => (one.currency === null ? sum + one.n : sum), 0),
    currencies: [...groupBy(expected, (one) => one.currency)]
      .map(([currency, months]) => ({
        currency,
        deals: months.reduce((sum, one) => sum + one.n, 0),
        ...money(ofAll(months)),
        months: months.map(({ month, n, greatest, rest }) => ({ month, deals: n, ...money(forecast(greatest, rest)) })),
      }))
      .toSorted((a, b) => b.deals - a.deals),
  };
}

/** All months together: again only the greatest deals one by one. */
function ofAll(months: readonly Expected[]): Forecast {
  const deals = months.flatMap((one) => one.greatest).toSorted((a, b) => b.amount - a.amount);
  return forecast(
    deals.slice(0, SINGLE_DEALS),
    [restOf(deals.slice(SINGLE_DEALS)), ...months.map((one) => one.rest)].reduce(together, nothing),
  );
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
const money = ({ total, expected, low, high }: Forecast): Forecast => ({
  total: cents(total),
  expected: cents(expected),
  low: cents(low),
  high: cents(high),
});
