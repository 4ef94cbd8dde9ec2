import { z } from '@hono/zod-openapi';

/** A local date of a year that makes sense here. */
export const day = z.iso.date().regex(/^2[01]/, 'is not a day of this age, such as 2026-11-22');

export const salesQuery = z.object({
  from: day.optional().openapi({ description: 'The first day, in the workspace’s zone; without it thirty days', example: '2026-10-24' }),
  to: day.optional().openapi({ description: 'The last day, included; without it today' }),
  pool: z.string().min(1).max(100).optional().openapi({ description: 'Key: of this pool only' }),
  rep: z.string().min(1).max(100).optional().openapi({
    description: 'Key: of this rep only. Fairness and concentration compare reps and stay whole',
  }),
});

const seconds = (description: string) =>
  z
    .int()
    .nullable()
    .openapi({ description: `${description}, seconds` });
const share = (description: string) => z.number().nullable().openapi({ description });
const money = z
  .record(z.string(), z.number())
  .openapi({ description: 'By currency; currencies are never added together', example: { EUR: 12_000 } });

const clocked = z
  .object({
    median: seconds('Half took no longer'),
    p90: seconds('Nine of ten took no longer'),
    withinFive: share('Within five minutes, of all that had the time for it'),
  })
  .openapi('Clocked');

const timing = z
  .object({
    answered: z.int(),
    waiting: z.int().openapi({ description: 'Not yet' }),
    working: clocked.openapi({ description: 'In the working hours of the rep, as the SLA’s ladders count' }),
    wall: clocked.openapi({ description: 'As the customer feels it' }),
  })
  .openapi('Timing');

const times = (description: string) =>
  z
    .object({
      total: timing,
      byRep: z.array(
        timing.extend({ rep: z.string().nullable().openapi({ description: 'Key; null: nobody had it yet' }), name: z.string().nullable() }),
      ),
      byPool: z.array(timing.extend({ pool: z.string() })),
      byGrade: z.array(timing.extend({ grade: z.string().nullable().openapi({ description: 'vip, or the fit A-D' }) })),
      bySource: z.array(timing.extend({ source: z.string() })),
    })
    .openapi({ description });

const step = z.object({
  n: z.int(),
  rate: share('Of those opened'),
  low: z.number().openapi({ description: 'The true rate lies between this' }),
  high: z.number().openapi({ description: 'and this, with 95 % confidence (Wilson)' }),
});

const funnel = z
  .object({ opened: z.int(), open: z.int().openapi({ description: 'Undecided yet' }), accepted: step, touched: step, won: step })
  .openapi('Funnel');

const funnelOf = (description: string) =>
  z.array(funnel.extend({ key: z.string().nullable(), name: z.string().nullable() })).openapi({ description });

const forecast = z.object({
  deals: z.int(),
  total: z.number().openapi({ description: 'Were all of them won' }),
  expected: z.number().openapi({ description: 'Σ probability × amount' }),
  low: z.number().openapi({ description: 'Four of five times it comes to no less than this' }),
  high: z.number().openapi({ description: 'and no more than this' }),
});

const reason = z.object({
  reason: z.string().nullable().openapi({ description: 'Key; null: none was given' }),
  label: z.string().nullable(),
  n: z.int(),
});

export const salesFigures = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime().openapi({ description: 'Not included' }),
    zone: z.string(),
    accept: times('Of what was opened in the period: from the offer to whoever accepted until they did'),
    firstTouch: times('Of what was opened in the period: from the handing over until somebody had talked to them'),
    breaches: z.object({
      total: z.int(),
      byRep: z.array(
        z.object({
          rep: z.string().nullable(),
          name: z.string().nullable(),
          offered: z.int().openapi({ description: 'Not accepted in time' }),
          accepted: z.int().openapi({ description: 'Not talked to in time' }),
          touched: z.int().openapi({ description: 'No outcome in time' }),
          review: z.int().openapi({ description: 'Submissions not looked at in time' }),
          standing: z.int().openapi({ description: 'Of all these, still broken' }),
        }),
      ),
    }),
    fairness: z
      .array(
        z.object({
          pool: z.string(),
          name: z.string(),
          gini: share('0: everybody got their share of the leads; towards 1: one has them all'),
          giniOfValue: money.openapi({ description: 'The same for what they are worth, by currency' }),
          reps: z.array(
            z.object({
              rep: z.string(),
              name: z.string(),
              due: share('Their share by weight; null: not a member, got them by name or by account'),
              leads: z.int(),
              share: share('Their share of the leads of the pool’s members'),
              values: money,
            }),
          ),
        }),
      )
      .openapi({ description: 'Who has what was opened in the period' }),
    concentration: z
      .object({
        won: z.array(
          z.object({
            currency: z.string(),
            amount: z.number(),
            deals: z.int(),
            herfindahl: share('Sum of the squared shares: 1: all in one hand'),
            topShare: share('Of who has won most'),
            reps: z.array(
              z.object({ rep: z.string(), name: z.string(), deals: z.int(), amount: z.number(), share: share('Of the amount') }),
            ),
          }),
        ),
        withoutAmount: z.int().openapi({ description: 'Won without saying for how much' }),
        accounts: z.array(z.object({ rep: z.string(), name: z.string(), accounts: z.int() })).openapi({ description: 'Owned today' }),
      })
      .openapi({ description: 'What was won in the period, and in whose hands it lies' }),
    conversion: z
      .object({
        all: funnel,
        byRule: funnelOf('By routing rule'),
        bySource: funnelOf('By source'),
        byCampaign: funnelOf('By campaign; null: by none'),
        byForm: funnelOf('By form; null: by none'),
      })
      .openapi({ description: 'How far came what was opened in the period; the fifty most frequent of each kind' }),
    rejections: z.array(reason).openapi({ description: 'Why sales said no in the period, also where the lead went on to somebody else' }),
    losses: z.array(reason.extend({ values: money })).openapi({ description: 'Why deals were lost in the period' }),
    pipeline: z
      .array(
        z.object({
          stage: z.string(),
          name: z.string(),
          probability: z.number(),
          n: z.int(),
          withoutAmount: z.int(),
          values: z.array(z.object({ currency: z.string(), amount: z.number(), expected: z.number() })),
        }),
      )
      .openapi({ description: 'What is open today, by stage' }),
    forecast: z
      .object({
        confidence: z.number(),
        withoutAmount: z.int().openapi({ description: 'Open, and not in the forecast' }),
        currencies: z.array(
          forecast.extend({
            currency: z.string(),
            months: z.array(
              forecast.extend({
                month: z.string().nullable().openapi({ description: 'Of the expected close; null: nobody has said', example: '2026-12' }),
              }),
            ),
          }),
        ),
      })
      .openapi({
        description: 'What is open today, by probability of its stage; deals are taken to be won or lost independently of each other',
      }),
  })
  .openapi('SalesFigures');
