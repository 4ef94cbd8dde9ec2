import { html, raw } from 'hono/html';
import { lengthWords, shareWords, shortMoneyWords } from '../../../domain/figures/words.ts';
import type { SalesFigures } from '../../figures/read.ts';
import { count, figure } from '../blocks.ts';
import type { Markup } from '../layout.ts';

interface Choice {
  days: number;
  pool: string | undefined;
  periods: readonly number[];
  pools: readonly { key: string; name: string }[];
}

/** The periods and pools to choose from, as links. */
export function choice({ days, pool, periods, pools }: Choice): Markup {
  const link = (words: string, to: { days: number; pool: string | undefined }): Markup => {
    const here = to.days === days && to.pool === pool;
    const query = new URLSearchParams({ days: String(to.days), ...(to.pool !== undefined && { pool: to.pool }) });
    return html`<a href="/sales?${raw(query.toString().replaceAll('&', '&amp;'))}" ${here ? raw('aria-current="true"') : ''}>${words}</a>`;
  };
  return html`<div class="choices">
    <nav class="choice" aria-label="Period">${periods.map((one) => link(one === 365 ? 'a year' : `${one} days`, { days: one, pool }))}</nav>
    ${
      pools.length > 1
        ? html`<nav class="choice" aria-label="Pool">
            ${link('all pools', { days, pool: undefined })}${pools.map((one) => link(one.name, { days, pool: one.key }))}
          </nav>`
        : ''
    }
  </div>`;
}

/** The four figures somebody asks first. */
export function headline({ accept, firstTouch, breaches, concentration }: SalesFigures): Markup {
  const won = concentration.won.map((one) => html`<span class="nowrap">${shortMoneyWords(one.amount, one.currency)}</span> `);
  return html`<dl class="figures">
    ${figure(lengthWords(firstTouch.total.working.median), 'until somebody has talked to them (median)')}
    ${figure(shareWords(accept.total.working.withinFive), 'accepted within five minutes')}
    ${figure(count(breaches.total), 'broken promises')} ${figure(won.length === 0 ? '–' : html`${won}`, 'won')}
  </dl>`;
}
