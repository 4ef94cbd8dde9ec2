import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Day, Some, Waiting, WaitingDraft } from '../../../db/day/read.ts';
import type { TaskView } from '../../../db/tasks-read.ts';
import type { Hours } from '../../../domain/calendar/hours.ts';
import { kindWords } from '../../../domain/tasks/kinds.ts';
import { outcomeWords } from '../../../domain/tasks/task.ts';
import { type Markup, page } from '../../pages/layout.ts';

/** Whose day it is. */
export interface Reader {
  id: string;
  key: string;
  name: string;
  timezone: string;
  hours: Hours | null;
  dayMail: boolean;
}

/** Where each thing is dealt with. */
export interface DayLinks {
  task(id: string): string;
  offer(id: string, epoch: number): string;
  opportunity(id: string): string;
  draft(id: string): string;
}

/** Everything that waits for a rep today, made for a thumb: what waits for an answer first, each task with its outcomes as buttons. */
export function dayPage(c: Context, rep: Reader, date: string, day: Day, links: DayLinks): Response | Promise<Response> {
  const at = (instant: Date): string =>
    instant.toLocaleString('en-GB', { timeZone: rep.timezone, dateStyle: 'medium', timeStyle: 'short' });
  const waiting = (link: (one: Waiting) => string, act: string) => (one: Waiting) =>
    item(
      html`<strong>${one.lead.name}</strong>${one.company ? html`, ${one.company}` : ''}`,
      html`${one.urgent ? 'Urgent · ' : ''}${one.breached ? 'Too late already · ' : ''}since ${at(one.since)}${reach(one.lead)}`,
      html`<a class="button" href="${link(one)}">${act}</a>`,
    );
  const task = (one: TaskView): Markup =>
    item(
      html`<strong>${one.title}</strong>`,
      html`${kindWords[one.kind]} · ${about(one)} · due ${at(one.dueAt)}${reach(one.lead)}`,
      html`<form method="post">
        <input type="hidden" name="task" value="${one.id}" />
        ${one.outcomes.map((outcome) => html`<button type="submit" name="outcome" value="${outcome}">${outcomeWords(outcome)}</button>`)}
        <button type="submit" name="snooze" value="1" class="quiet">Tomorrow</button> <a href="${links.task(one.id)}">With a note</a>
      </form>`,
    );
  const sections = [
    section(
      'Offered to you',
      day.offers,
      waiting((one) => links.offer(one.id, one.epoch), 'Answer'),
    ),
    section(
      'Accepted, and not talked to yet',
      day.toTouch,
      waiting((one) => links.opportunity(one.id), 'Open'),
    ),
    section('They wrote, and wait for an answer', day.replies, task),
    section('Meetings', day.meetings, (one) =>
      item(
        html`<strong>${one.name}</strong> with ${one.lead.name}${one.company ? html`, ${one.company}` : ''}`,
        html`${at(one.startsAt)}${one.location ? html` · ${one.location}` : ''}`,
        html``,
      ),
    ),
    section('Overdue', day.overdue, task),
    section('Today', day.today, task),
    section('Drafts to look through', day.drafts, (one: WaitingDraft) =>
      item(
        html`<strong>${one.subject ?? 'An answer in the thread'}</strong>`,
        html`to ${one.lead.name}${one.company ? html`, ${one.company}` : ''} · by ${at(one.dueAt)}`,
        html`<a class="button" href="${links.draft(one.id)}">Look through</a>`,
      ),
    ),
    section('In the days to come', day.soon, task),
  ];
  const empty = [day.offers, day.toTouch, day.replies, day.meetings, day.overdue, day.today, day.drafts, day.soon].every(
    ({ total }) => total === 0,
  );
  return page(c, {
    title: 'Your day',
    kind: 'letter',
    body: html`<section class="card pad stack">
      <h1>${new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'full', timeZone: 'UTC' })}</h1>
      ${empty ? html`<p>Nothing waits for you, ${rep.name}.</p>` : sections}
      <form method="post">
        <button type="submit" name="mail" value="${rep.dayMail ? 'off' : 'on'}" class="quiet">
          ${rep.dayMail ? 'Stop the morning’s mail' : 'Send me this each working morning'}
        </button>
      </form>
    </section>`,
  });
}

function section<T>(title: string, { total, items }: Some<T>, row: (one: T) => Markup): Markup | '' {
  if (total === 0) return '';
  return html`<h2>${title} (${total})</h2>
    <ul class="day">
      ${items.map(row)}
    </ul>
    ${total > items.length ? html`<p class="sub">and ${total - items.length} more</p>` : ''}`;
}

const item = (what: Markup, sub: Markup, act: Markup): Markup =>
  html`<li>
    ${what}<span class="sub">${sub}</span>
    <div class="acts">${act}</div>
  </li>`;

const about = ({ lead, account }: TaskView): string =>
  [lead?.name ?? lead?.email, lead?.company ?? account?.name ?? account?.domain].filter(Boolean).join(', ');

/** A thumb calls and writes from here. */
function reach(lead: { email: string | null; phone: string | null } | null): Markup | '' {
  if (!lead?.phone && !lead?.email) return '';
  return html`${lead.phone ? html` · <a href="tel:${lead.phone}">${lead.phone}</a>` : ''}${
    lead.email ? html` · <a href="mailto:${lead.email}">${lead.email}</a>` : ''
  }`;
}
