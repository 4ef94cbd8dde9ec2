import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { domainOf } from '../../domain/deliverability/domain-of.ts';
import { parseMailbox } from '../../messaging/message.ts';
import type { ApiDeps } from '../deps.ts';
import { requirePageAccess } from '../page-access.ts';
import { card, count, empty, figure, figuresTable } from '../pages/blocks.ts';
import { type Markup, page } from '../pages/layout.ts';
import { type Deliverability, readDeliverability } from './read.ts';

const DAYS = 7;
const TOP = 20;

type Figures = Deliverability['total'];
type Sender = Deliverability['senders'][number];

/** GET /deliverability: whether our mail arrives, for people. */
export function deliverabilityPage(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  const from = domainOf(parseMailbox(config.MAIL_FROM)!.address);
  app.get('/deliverability', requirePageAccess(config), async (c) => {
    const found = await readDeliverability(pool, { days: DAYS, top: TOP, from });
    return page(c, { title: 'Delivery', kind: 'console', here: '/deliverability', body: body(found) });
  });
}

function body({ total, senders, families, domains, waiting }: Deliverability): Markup {
  const throttled = waiting.filter((one) => one.by === 'provider_throttle');
  return html`
    <div class="stack">
      <div class="headline">
        <h1>Delivery</h1>
        <p class="soft">the last ${DAYS} days</p>
      </div>
      <dl class="figures">
        ${figure(count(total.accepted), 'mails accepted')} ${figure(percent(total.bounceRate), 'came back')}
        ${figure(percent(total.complaintRate), 'reported as spam')} ${figure(count(total.clicked), 'with a click by a person')}
      </dl>
    </div>
    ${card('Our domains', 'complaints in 7 days; warning at 0.1%, pause at 0.3% unless deliverability.yaml says otherwise', sendersTable(senders))}
    ${
      throttled.length === 0
        ? ''
        : html`<p class="notice" role="status">
            ${throttled.map(({ line, mails, until }) => html`${count(mails)} mails wait for ${line.replace('/', ' mail to ')}, until ${moment(until)}. `)}
          </p>`
    }
    ${card(
      'By provider',
      'whose mailboxes',
      mailTable(
        'Provider',
        families.map((one) => ({ name: one.family, of: one })),
      ),
    )}
    ${card(
      'By domain',
      `those with most mails, ${TOP} at most`,
      mailTable(
        'Domain',
        domains.map((one) => ({ name: one.domain, of: one })),
      ),
    )}
  `;
}

const percent = (rate: number | null): string => (rate === null ? '–' : `${(rate * 100).toFixed(2)}%`);
const moment = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

function mailTable(first: string, rows: readonly { name: string; of: Figures }[]): Markup {
  if (rows.length === 0) return empty('No mail has left in these days.');
  return figuresTable(
    `By ${first.toLowerCase()}`,
    [first, 'accepted', 'delivered', 'came back', 'complaints', 'opened', 'clicked'],
    rows.map(
      ({ name, of }) =>
        html`<tr>
          <td><strong>${name}</strong></td>
          <td class="num">${count(of.accepted)}</td>
          <td class="num">${count(of.delivered)}</td>
          <td class="num">${count(of.bounced)}<span class="sub">${percent(of.bounceRate)}</span></td>
          <td class="num">${count(of.complained)}<span class="sub">${percent(of.complaintRate)}</span></td>
          <td class="num">${count(of.opened)}</td>
          <td class="num">${count(of.clicked)}</td>
        </tr>`,
    ),
  );
}

function sendersTable(senders: readonly Sender[]): Markup {
  return html`<table class="fold">
    <thead>
      <tr>
        <th scope="col">Domain</th>
        <th scope="col">State</th>
        <th scope="col" class="num">Complaints</th>
      </tr>
    </thead>
    <tbody>
      ${senders.map(
        (one) =>
          html`<tr>
            <td><strong>${one.domain}</strong></td>
            <td class="wide">${state(one)}</td>
            <td class="num">
              ${count(one.week.complaints)} of ${count(one.week.delivered)}<span class="sub">${percent(one.week.rate)}</span>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function state({ domain, paused, warmUp }: Sender): Markup {
  if (paused) {
    return html`<span class="tag bad">marketing paused</span
      ><span class="sub">${paused.reason}. Let it go on with <code>tendril deliverability resume ${domain}</code></span>`;
  }
  if (!warmUp) return html`<span class="tag good">sending</span>`;
  const rest = warmUp.waiting > 0 ? `, ${count(warmUp.waiting)} wait, the last until ${moment(warmUp.until!)}` : '';
  return html`<span class="tag blue">warming up</span
    ><span class="sub">${count(warmUp.used)} of ${count(warmUp.budget)} today${rest}</span>`;
}
