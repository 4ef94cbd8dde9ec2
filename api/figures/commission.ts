import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { wonDeals, type WonDeal } from '../../db/figures/commission.ts';
import { figuresClock } from '../../db/figures/scope.ts';
import { listReps } from '../../db/reps.ts';
import { toCsv } from '../../domain/csv.ts';
import { holdersOf, partsOf } from '../../domain/figures/commission.ts';
import { monthOf } from '../../domain/figures/period.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import type { Names } from './parts.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/figures/commission.csv',
  tags: ['Figures'],
  summary: 'What commission is reckoned from: each deal won in a month, and who held it',
  description:
    'A row for each rep who held the deal when it was first accepted, first talked to or won; each of these counts the same, and the parts come to the amount. The same month gives the same rows, whenever it is asked for once it is over. Test leads are left out.',
  request: {
    query: z.object({
      month: z
        .string()
        .regex(/^2[01]\d\d-(0[1-9]|1[0-2])$/, 'is not a month such as 2026-11')
        .openapi({ description: 'In the workspace’s zone', example: '2026-11' }),
    }),
  },
  responses: {
    200: { description: 'The rows, by when the deal was won', content: { 'text/csv': { schema: z.string() } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

const columns = [
  'opportunity',
  'account',
  'rep',
  'rep_name',
  'held',
  'share',
  'basis',
  'amount',
  'currency',
  'closed_at',
  'touched_at',
] as const;

/** GET /v1/figures/commission.csv. */
export function commissionEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { month } = c.req.valid('query');
    const names: Names = new Map((await listReps(pool)).map(({ id, key, name }) => [id, { key, name }]));
    const rows: Record<string, string>[] = [];
    for await (const deals of wonDeals(pool, monthOf(month, (await figuresClock(pool)).zone)))
      rows.push(...deals.flatMap((deal) => rowsOf(deal, names)));
    c.header('Content-Disposition', `attachment; filename="commission-${month}.csv"`);
    c.header('Content-Type', 'text/csv; charset=utf-8');
    return c.body(toCsv(columns, rows), 200);
  });
}

/** A row for each part; a deal that nobody is known to have held has one row, without a rep. */
function rowsOf({ id, account, cents, currency, closedAt, touchedAt, owner, answered }: WonDeal, names: Names): Record<string, string>[] {
  const deal = {
    opportunity: id,
    account: account ?? '',
    amount: money(cents),
    currency: currency ?? '',
    closed_at: closedAt.toISOString(),
    touched_at: touchedAt?.toISOString() ?? '',
  };
  const parts = partsOf(holdersOf(answered, touchedAt?.getTime() ?? null, owner), cents);
  if (parts.length === 0) return [{ ...deal, rep: '', rep_name: '', held: '', share: '', basis: '' }];
  return parts.map(({ rep, held, share, cents: own }) => ({
    ...deal,
    rep: names.get(rep)?.key ?? '',
    rep_name: names.get(rep)?.name ?? '',
    held: held.join(' '),
    share: share.toFixed(4),
    basis: money(own),
  }));
}

const money = (cents: number | null): string => (cents === null ? '' : (cents / 100).toFixed(2));
