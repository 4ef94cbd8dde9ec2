import { html } from 'hono/html';
import type { Overview, OverviewCampaign, OverviewLead, OverviewOpportunity, OverviewReview } from '../../../db/overview.ts';
import type { Alert } from '../../../db/alerts.ts';
import { rateWords } from '../../../domain/clock/rate.ts';
import { tellAlert } from '../../../domain/words/alerts.ts';
import { away, span } from '../../../domain/words/span.ts';
import { count, figure } from '../blocks.ts';
import type { Markup } from '../layout.ts';

type Workspace = Overview['workspace'];

const dayAndTime = (at: Date, timeZone: string): string =>
  at.toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  });

/** What time it is here, and how fast it passes. */
export function clockLine({ now, rate, timezone }: Workspace): Markup {
  const time = dayAndTime(now, timezone);
  if (rate === 1) return html`<p class="soft">${time}, real time (${timezone})</p>`;
  const words = rateWords(rate);
  return html`<p><strong>${time}</strong> <span class="soft">(${timezone})</span> in this workspace: ${words}.</p>`;
}

/** Something that a person should know of, until it is over. */
export function alertNotice(alert: Alert, now: Date): Markup {
  const { title, text, mend } = tellAlert(alert);
  return html`<p class="notice bad" role="status">
    <strong>${title}.</strong> ${text} ${mend} <span class="soft">(${away(alert.raisedAt, now)})</span>
  </p>`;
}

/** The four figures somebody asks first. */
export function figures({ newLeads, mailed, inCampaigns, openOpportunities }: Workspace): Markup {
  return html`<dl class="figures">
    ${figure(count(newLeads), 'new leads in 7 days')} ${figure(count(mailed), 'mails sent in 7 days')}
    ${figure(count(inCampaigns), 'on their way in campaigns')} ${figure(count(openOpportunities), 'with sales')}
  </dl>`;
}

/** One campaign: its steps as they are read, with how many stand on each and how many have gone on. */
export function campaignCard({ name, key, state, entered, active, completed, goal, exited, steps }: OverviewCampaign): Markup {
  const most = Math.max(1, ...steps.map((step) => step.active + step.passed));
  return html`<article class="card">
    <header>
      <h3>${name} ${state === 'paused' ? html`<span class="tag warn">paused</span>` : ''}</h3>
      <p>${entered} entered · ${active} on the way · ${goal} reached the goal · ${completed} at the end · ${exited} left</p>
    </header>
    ${
      steps.length === 0
        ? html`<p class="empty">No steps to show.</p>`
        : html`<ol class="steps" aria-label="Steps of ${key}">
            ${steps.map(
              (step) =>
                html`<li class="depth-${Math.min(step.depth, 4)}">
                  <span class="what"><span>${step.words}</span> <span class="soft small">${step.id}</span></span>
                  <meter min="0" max="${most}" value="${step.active + step.passed}" aria-hidden="true"></meter>
                  <span class="num"><strong>${step.active}</strong> <span class="soft">here</span></span>
                  <span class="num soft">${step.passed} passed</span>
                </li>`,
            )}
          </ol>`
    }
  </article>`;
}

/** A table that becomes a list on a narrow screen; a heading over figures stands to the right. */
function table(headings: (string | { words: string; num: true })[], rows: Markup[]): Markup {
  return html`<table class="fold">
    <thead>
      <tr>
        ${headings.map((one) => (typeof one === 'string' ? html`<th scope="col">${one}</th>` : html`<th scope="col" class="num">${one.words}</th>`))}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

const stageTag: Record<string, string> = {
  mql: 'blue',
  sal: 'blue',
  sql: 'good',
  customer: 'good',
  advocate: 'good',
  disqualified: 'bad',
  lost: 'warn',
};
const levelTag: Record<string, string> = { hot: 'bad', warm: 'warn' };

/** The newest leads with their score and stage. */
export function leadsTable(leads: OverviewLead[], now: Date): Markup {
  if (leads.length === 0) return html`<p class="empty">Nobody yet. Post a form, and they appear here.</p>`;
  return table(
    ['Who', 'Score', 'Stage', { words: 'Came', num: true }],
    leads.map(
      (lead) =>
        html`<tr>
          <td class="lead">
            <strong>${lead.name ?? lead.email ?? lead.phone ?? 'Unknown'}</strong
            ><span class="sub">${lead.company ?? (lead.name ? lead.email : null) ?? ''}</span>
          </td>
          <td class="nowrap">
            ${
              lead.fit === null
                ? html`<span class="soft">not yet</span>`
                : html`<strong>${lead.fit}</strong> <span class="soft">×</span> ${Math.round(lead.engagement ?? 0)}
                    <span class="tag ${levelTag[lead.level ?? ''] ?? ''}">${lead.level}</span>`
            }
          </td>
          <td class="side"><span class="tag ${stageTag[lead.stage] ?? ''}">${lead.stage}</span></td>
          <td class="num soft corner">${away(lead.createdAt, now)}</td>
        </tr>`,
    ),
  );
}

/** What is due is being looked at: how long it has been is no news for a person. */
const due = (at: Date, now: Date): string => (at <= now ? 'now' : away(at, now));

const next: Record<string, string> = {
  nudge: 'a reminder',
  backup: 'a second rep is asked',
  reassign: 'goes to another rep',
  manager: 'the managers are told',
  alert: 'the chat channel is told',
  breach: 'the promise is broken',
  snoozed: 'put off by its rep',
  held: 'waits until somebody is in',
};
const stateTag: Record<string, string> = { queued: 'warn', offered: 'blue', accepted: 'good', touched: 'good' };

/** What is with sales, the most pressing first, each with the clock that runs on it. */
export function opportunitiesTable(opportunities: OverviewOpportunity[], now: Date): Markup {
  if (opportunities.length === 0) return html`<p class="empty">Nothing is with sales at the moment.</p>`;
  return table(
    ['Who', 'With', 'State', 'Next'],
    opportunities.map(
      (one) =>
        html`<tr>
          <td class="wide">
            <strong>${one.company ?? one.who ?? 'Unknown'}</strong><span class="sub">${one.company ? one.who : ''}</span>
          </td>
          <td>
            ${one.owner ?? html`<span class="soft">queue: ${one.pool}</span>`}<span class="sub nowrap"
              >for ${span(now.getTime() - one.since.getTime())}</span
            >
          </td>
          <td>
            <span class="tag ${stateTag[one.state] ?? ''}">${one.state}</span> ${one.vip ? html`<span class="tag warn">VIP</span>` : ''}
            ${one.breachedAt ? html`<span class="tag bad">breached</span>` : one.rung > 0 ? html`<span class="tag warn">rung ${one.rung}</span>` : ''}
          </td>
          <td class="wide">
            ${due(one.nextLookAt, now)}<span class="sub"
              >${one.next === null ? 'assigned as soon as somebody is there' : next[one.next]}</span
            >
          </td>
        </tr>`,
    ),
  );
}

/** Submissions that wait for a person, with their clock. */
export function reviewsTable(reviews: OverviewReview[], now: Date): Markup {
  if (reviews.length === 0) return html`<p class="empty">Nothing waits.</p>`;
  return table(
    ['Form', 'Why', 'Came', 'Look at it'],
    reviews.map(
      (one) =>
        html`<tr>
          <td><strong>${one.formKey}</strong></td>
          <td class="wide">${one.reason ?? '–'}</td>
          <td class="soft">${away(one.receivedAt, now)}</td>
          <td>${one.escalatedAt || one.dueAt < now ? html`<span class="tag bad">overdue</span>` : away(one.dueAt, now)}</td>
        </tr>`,
    ),
  );
}
