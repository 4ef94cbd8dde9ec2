import { html } from 'hono/html';
import type { Markup } from './layout.ts';

/** A part of the page under its heading. */
export function card(title: string, words: string, content: Markup): Markup {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return html`<section class="card" aria-labelledby="${id}">
    <header>
      <h2 id="${id}">${title}</h2>
      <p>${words}</p>
    </header>
    ${content}
  </section>`;
}

/** A number as it is read. */
export const count = (n: number): string => n.toLocaleString('en');

/** A figure that stands by itself, within `<dl class="figures">`. */
export const figure = (value: string | Markup, words: string): Markup =>
  html`<div class="figure">
    <dd>${value}</dd>
    <dt>${words}</dt>
  </div>`;

/** One bar: what it is of, how long (of `most`), and the figure in words. */
export interface Bar {
  name: string;
  /** Under the name. */
  about?: string;
  value: number;
  words: string;
  /** Under the figure. */
  more?: string;
}

/** Bars that are compared with each other, as long as their value is of the greatest. Read aloud they are names and figures. */
export function bars(of: readonly Bar[], most = Math.max(...of.map((one) => one.value))): Markup {
  return html`<ul class="bars">
    ${of.map(
      ({ name, about, value, words, more }) =>
        html`<li>
          <span class="what">${name}${about ? html` <span class="soft small nowrap">${about}</span>` : ''}</span>
          <meter min="0" max="${most > 0 ? most : 1}" value="${value}" aria-hidden="true"></meter>
          <span class="num"><strong>${words}</strong>${more ? html` <span class="sub">${more}</span>` : ''}</span>
        </li>`,
    )}
  </ul>`;
}

export const empty = (words: string): Markup => html`<p class="empty">${words}</p>`;

/** A table that becomes a list on a narrow screen. `heads` after the first stand over figures. */
export function figuresTable(label: string, heads: readonly string[], rows: readonly Markup[]): Markup {
  const [first, ...others] = heads;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}: the table">
    <table>
      <thead>
        <tr>
          <th scope="col">${first}</th>
          ${others.map((one) => html`<th scope="col" class="num">${one}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
