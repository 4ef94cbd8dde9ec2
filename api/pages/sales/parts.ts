import { html } from 'hono/html';
import { fairnessWords, lengthWords, moneyWords, monthWords, shareWords, valuesWords } from '../../../domain/figures/words.ts';
import type { SalesFigures } from '../../figures/read.ts';
import { type Bar, bars, count, empty, figuresTable } from '../blocks.ts';
import type { Markup } from '../layout.ts';

const deals = (n: number): string => (n === 1 ? 'one deal' : `${count(n)} deals`);

/** What is open, stage by stage, and what it is worth. */
export function pipeline(stages: SalesFigures['pipeline']): Markup {
  if (stages.every((one) => one.n === 0)) return empty('Nothing is with sales at the moment.');
  return bars(
    stages.map(({ name, probability, n, values }): Bar => ({
      name,
      about: shareWords(probability),
      value: n,
      words: count(n),
      ...(values.length > 0 && { more: values.map((one) => moneyWords(one.amount, one.currency)).join(' · ') }),
    })),
  );
}

/** What will come of it. */
export function expected({ currencies, withoutAmount }: SalesFigures['forecast']): Markup {
  const missing =
    withoutAmount === 0 ? '' : html`<p class="note">Not in it, for nobody has said how much: ${count(withoutAmount)} open.</p>`;
  if (currencies.length === 0) return html`${empty('No open opportunity has an amount yet.')}${missing}`;
  const range = (of: { low: number; high: number }): string => `${count(Math.round(of.low))} – ${count(Math.round(of.high))}`;
  return html`${currencies.map(
    ({ currency, months, ...all }) =>
      html`<div class="part">
        <p>
          <strong class="big">${moneyWords(all.expected, currency)}</strong>
          <span class="soft">${range(all)}, of ${count(Math.round(all.total))} in ${deals(all.deals)}</span>
        </p>
        ${
          months.length < 2
            ? ''
            : bars(
                months.map((one): Bar => ({
                  name: monthWords(one.month),
                  value: one.expected,
                  words: count(Math.round(one.expected)),
                  more: range(one),
                })),
              )
        }
      </div>`,
  )}${missing}`;
}

/** How fast who was. */
export function times({ accept, firstTouch }: SalesFigures): Markup {
  const reps = new Map([...accept.byRep, ...firstTouch.byRep].map((one) => [one.rep, one.name ?? 'nobody yet']));
  if (reps.size === 0) return empty('Nothing was opened in this period.');
  const cells = (of: SalesFigures['accept']['total'] | undefined): Markup =>
    of
      ? html`<td class="num">${lengthWords(of.working.median)}<span class="sub">${lengthWords(of.wall.median)}</span></td>
          <td class="num">${lengthWords(of.working.p90)}<span class="sub">${lengthWords(of.wall.p90)}</span></td>
          <td class="num">${shareWords(of.working.withinFive)}</td>
          <td class="num">${count(of.answered)}${of.waiting > 0 ? html`<span class="sub">${count(of.waiting)} waiting</span>` : ''}</td>`
      : html`<td class="num">–</td>
          <td class="num">–</td>
          <td class="num">–</td>
          <td class="num">–</td>`;
  const row = (
    name: string,
    accepted: SalesFigures['accept']['total'] | undefined,
    touched: SalesFigures['accept']['total'] | undefined,
  ): Markup =>
    html`<tr>
      <td><strong>${name}</strong></td>
      ${cells(accepted)}${cells(touched)}
    </tr>`;
  return figuresTable(
    'How fast',
    ['Rep', 'accepted in', 'nine of ten', '≤ 5 min', 'leads', 'talked to in', 'nine of ten', '≤ 5 min', 'leads'],
    [
      row('All', accept.total, firstTouch.total),
      ...[...reps].map(([rep, name]) =>
        row(
          name,
          accept.byRep.find((one) => one.rep === rep),
          firstTouch.byRep.find((one) => one.rep === rep),
        ),
      ),
    ],
  );
}

/** Who has got what of each pool, and what was due. */
export function dealt(pools: SalesFigures['fairness']): Markup {
  if (pools.length === 0) return empty('No lead was given in this period.');
  return html`${pools.map(
    ({ name, gini, reps }) =>
      html`<div class="part">
        <p>
          <strong>${name}</strong>
          <span class="soft">${fairnessWords(gini)}${gini === null ? '' : `, Gini ${gini.toFixed(2)}`}</span>
        </p>
        ${bars(
          reps.map((one): Bar => ({
            name: one.name,
            about: one.due === null ? 'not a member' : `${shareWords(one.due)} due`,
            value: one.leads,
            words: one.share === null ? count(one.leads) : `${count(one.leads)} (${shareWords(one.share)})`,
            ...(Object.keys(one.values).length > 0 && { more: valuesWords(one.values) }),
          })),
        )}
      </div>`,
  )}`;
}

/** Whose was what was won. */
export function inWhoseHands({ won, withoutAmount, accounts }: SalesFigures['concentration']): Markup {
  const owned = new Map(accounts.map((one) => [one.rep, one.accounts]));
  const missing = withoutAmount === 0 ? '' : html`<p class="note">Won without saying for how much: ${count(withoutAmount)}.</p>`;
  if (won.length === 0) return html`${empty('Nothing was won in this period.')}${missing}`;
  return html`${won.map(
    ({ currency, amount, deals: n, herfindahl, reps }) =>
      html`<div class="part">
        <p>
          <strong>${moneyWords(amount, currency)}</strong>
          <span class="soft">in ${deals(n)}${herfindahl === null ? '' : `, Herfindahl ${herfindahl.toFixed(2)}`}</span>
        </p>
        ${bars(
          reps.map((one): Bar => ({
            name: one.name,
            about: `${count(owned.get(one.rep) ?? 0)} accounts`,
            value: one.amount,
            words: shareWords(one.share),
            more: moneyWords(one.amount, currency),
          })),
        )}
      </div>`,
  )}${missing}`;
}

/** Whose promises were broken, and which. */
export function brokenPromises(byRep: SalesFigures['breaches']['byRep']): Markup {
  if (byRep.length === 0) return empty('None.');
  const total = (one: (typeof byRep)[number]): number => one.offered + one.accepted + one.touched + one.review;
  return bars(
    byRep.map((one): Bar => {
      const which = [
        one.offered && `${one.offered} not accepted`,
        one.accepted && `${one.accepted} not talked to`,
        one.touched && `${one.touched} without outcome`,
        one.review && `${one.review} not looked at`,
      ].filter(Boolean);
      const still = one.standing > 0 ? [`${one.standing} still`] : [];
      return { name: one.name ?? 'Nobody’s', value: total(one), words: count(total(one)), more: [...which, ...still].join(' · ') };
    }),
  );
}

/** Reasons, the most frequent first. */
export function reasons(
  given: readonly { reason: string | null; label: string | null; n: number; values?: Record<string, number> }[],
): Markup {
  if (given.length === 0) return empty('Nothing was.');
  return bars(
    given.map(({ reason, label, n, values }): Bar => ({
      name: label ?? reason ?? 'Not said',
      value: n,
      words: count(n),
      ...(values && Object.keys(values).length > 0 && { more: valuesWords(values) }),
    })),
  );
}

const SHOWN = 8;

/** How far what was opened came, by where it came from. */
export function conversion({ all, byRule, bySource, byCampaign, byForm }: SalesFigures['conversion']): Markup {
  if (all.opened === 0) return empty('Nothing was opened in this period.');
  const row = (name: string, about: string, of: SalesFigures['conversion']['all']): Markup =>
    html`<tr>
      <td><strong>${name}</strong><span class="sub">${about}</span></td>
      <td class="num">${count(of.opened)}<span class="sub">${count(of.open)} open</span></td>
      ${[of.accepted, of.touched, of.won].map(
        (one) =>
          html`<td class="num">
            ${count(one.n)} <span class="soft">${shareWords(one.rate)}</span
            ><span class="sub">${shareWords(one.low)} – ${shareWords(one.high)}</span>
          </td>`,
      )}
    </tr>`;
  const named = (about: string, from: SalesFigures['conversion']['byRule']): Markup[] =>
    from
      .filter((one) => one.key !== null)
      .slice(0, SHOWN)
      .map((one) => row(one.name ?? one.key!, about, one));
  return figuresTable(
    'How far they came',
    ['From', 'opened', 'accepted', 'talked to', 'won'],
    [
      row('All', '', all),
      ...named('source', bySource),
      ...named('rule', byRule),
      ...named('campaign', byCampaign),
      ...named('form', byForm),
    ],
  );
}
