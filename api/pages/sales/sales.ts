import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { figuresClock, poolChoices, scopeIds } from '../../../db/figures/scope.ts';
import { overviewOpportunities } from '../../../db/overview.ts';
import { addDates, dateAt } from '../../../domain/calendar/zoned.ts';
import { periodOf } from '../../../domain/figures/period.ts';
import type { ApiDeps } from '../../deps.ts';
import { readSalesFigures } from '../../figures/read.ts';
import { requirePageAccess } from '../../page-access.ts';
import { card } from '../blocks.ts';
import { page } from '../layout.ts';
import { opportunitiesTable } from '../overview/parts.ts';
import { choice, headline } from './headline.ts';
import { brokenPromises, conversion, dealt, expected, inWhoseHands, pipeline, reasons, times } from './parts.ts';

const PERIODS = [7, 30, 90, 365];
const USUAL = 30;
const WAITING = 10;
const REFRESH_SECONDS = 20;

/** GET /sales: how sales does, for people. `?days=` and `?pool=` choose what of. Open as the overview is. */
export function salesPage(app: OpenAPIHono, { pool: tx, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  app.get('/sales', requirePageAccess(config), async (c) => {
    const days = PERIODS.find((one) => String(one) === c.req.query('days')) ?? USUAL;
    const pool = c.req.query('pool') || undefined;
    const clock = await figuresClock(tx);
    const from = dateAt(addDates(clock.now, { days: 1 - days }, clock.zone), clock.zone);
    const scope = { ...periodOf({ from }, clock.now, clock.zone), ...(await scopeIds(tx, pool, undefined)) };
    const figures = await readSalesFigures(tx, scope, clock);
    const waiting = await overviewOpportunities(tx, WAITING, scope.poolId);
    const pools = await poolChoices(tx);
    const body = html`
      <div class="stack">
        <div class="headline">
          <h1>Sales</h1>
          ${choice({ days, pool, periods: PERIODS, pools })}
        </div>
        <div id="headline" data-live>${headline(figures)}</div>
      </div>
      <div class="pair" id="now" data-live>
        <div class="stack">
          ${card('Open today', 'by stage', pipeline(figures.pipeline))}
          ${card('Broken promises', 'fallen due in the period', brokenPromises(figures.breaches.byRep))}
        </div>
        ${card('Expected', 'by month of the expected close; four of five times between low and high', expected(figures.forecast))}
      </div>
      ${card('Waiting', 'the most pressing first', html`<div id="waiting" data-live>${opportunitiesTable(waiting, clock.now)}</div>`)}
      <div id="figures" class="grid" data-live>
        ${card('How fast', 'opened in the period; in working hours of the rep, below them by the wall clock', times(figures))}
        <div class="pair">
          ${card('Who has the leads', 'opened in the period, against what is due by weight', dealt(figures.fairness))}
          <div class="stack">
            ${card('In whose hands', 'won in the period', inWhoseHands(figures.concentration))}
            ${card('Turned down because', 'in the period', reasons(figures.rejections))}
            ${card('Lost because', 'in the period', reasons(figures.losses))}
          </div>
        </div>
        ${card('How far they came', 'opened in the period; the true rate lies in the range 19 of 20 times', conversion(figures.conversion))}
      </div>
    `;
    return page(c, { title: 'Sales', kind: 'console', here: '/sales', refreshSeconds: REFRESH_SECONDS, body });
  });
}
