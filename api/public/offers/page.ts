import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Card } from '../../../db/cards.ts';
import { whyHandedOver } from '../../../domain/routing/why.ts';
import type { RejectionReason } from '../../../domain/scoring/standard.ts';
import type { Markup } from '../../pages/layout.ts';
import { factsOf, letter } from '../letter.ts';

/** What was missing in the last attempt. */
export interface Wrong {
  reason?: string;
  resumeOn?: string;
  until?: string;
}

/** The days to which a lead may be put off. */
export interface Days {
  from: Date;
  latest: Date;
}

type Page = Response | Promise<Response>;
type Reasons = Record<string, RejectionReason>;

const status = (wrong: Wrong | undefined) => (wrong ? 422 : 200);

/** The lead's card and one button; nothing has happened yet. `days`: it may be put off with the same breath. */
export function acceptPage(c: Context, card: Card, days: Days | null, wrong?: Wrong): Page {
  return letter(
    c,
    'Accept this lead',
    html`<h1>Take ${card.name}?</h1>
      ${cardOf(card)}
      <form method="post"><button type="submit">Accept the lead</button></form>
      <p class="soft small">It is yours when you accept; whoever else was asked can no longer take it.</p>
      ${days ? snoozeForm('Take it, for later', days, wrong) : ''}`,
    status(wrong),
  );
}

/** It is theirs; what to do next, and how to say that it is done. */
export function acceptedPage(c: Context, card: Card, caseHref: string, bcc: string | null): Page {
  return letter(
    c,
    'It is yours',
    html`<h1>It is yours</h1>
      <p>You have accepted ${card.name}. Talk to them soon, and say so when you have: until then the clock runs.</p>
      ${contactOf(card)}
      <a class="button" href="${caseHref}">Say how it stands</a>
      ${bccHint(bcc)}`,
  );
}

/** A lead that the rep has: say that they have talked, put it off, or give it back. */
export function casePage(
  c: Context,
  card: Card,
  { reasons, snooze, now, bcc }: { reasons: Reasons; snooze: Days | null; now: Date; bcc: string | null },
  wrong?: Wrong,
): Page {
  return letter(
    c,
    'How does it stand?',
    html`<h1>How does it stand with ${card.name}?</h1>
      ${cardOf(card)}
      <form method="post"><input type="hidden" name="act" value="talked" /><button type="submit">We have talked</button></form>
      ${bccHint(bcc)}
      ${snooze ? snoozeForm('Put it off', snooze, wrong) : html`<p class="soft small">It was put off as often as it may be.</p>`}
      <details ${wrong?.reason || wrong?.resumeOn ? 'open' : ''}>
        <summary>Give it back</summary>
        ${reasonForm(reasons, now, wrong)}
      </details>`,
    status(wrong),
  );
}

/** The lead's card and the reasons of the qualification standard. */
export function rejectPage(c: Context, card: Card, reasons: Reasons, now: Date, wrong?: Wrong): Page {
  return letter(
    c,
    'Say no to this lead',
    html`<h1>Not ${card.name}?</h1>
      ${cardOf(card)} ${reasonForm(reasons, now, wrong)}`,
    status(wrong),
  );
}

function snoozeForm(title: string, { from, latest }: Days, wrong?: Wrong): Markup {
  return html`<details ${wrong?.until ? 'open' : ''}>
    <summary>${title}</summary>
    <form method="post" class="stack">
      <input type="hidden" name="act" value="snooze" />
      ${notice('until-wrong', wrong?.until)}
      <label
        >Until when?
        <input
          type="date"
          name="until"
          required
          min="${dayAfter(from)}"
          max="${day(latest)}"
          ${wrong?.until ? invalid('until-wrong') : ''}
        />
      </label>
      <label>Why? <input type="text" name="why" required maxlength="500" placeholder="Asked me to call after the fair" /></label>
      <div><button type="submit" class="quiet">${title}</button></div>
    </form>
  </details>`;
}

function reasonForm(reasons: Reasons, now: Date, wrong?: Wrong): Markup {
  const choices = Object.entries(reasons).map(
    ([key, reason]) =>
      html`<label class="choice"
        ><input type="radio" name="reason" value="${key}" required ${reason.follows === 'recycle' ? 'data-date' : ''} /><span
          >${reason.label}<span class="sub">${consequence(reason)}</span></span
        ></label
      >`,
  );
  const dated = Object.values(reasons).some((reason) => reason.follows === 'recycle');
  return html`<form method="post" class="stack">
    <input type="hidden" name="act" value="reject" />
    ${notice('reason-wrong', wrong?.reason)}
    <fieldset ${wrong?.reason ? html`aria-describedby="reason-wrong"` : ''}>
      <legend>Why?</legend>
      ${choices}
    </fieldset>
    ${
      dated
        ? html`<label class="when"
              >When should we come back? <span class="soft small">Only for a lead that is too early.</span>
              <input type="date" name="resumeOn" min="${dayAfter(now)}" ${wrong?.resumeOn ? invalid('resume-wrong') : ''} />
            </label>
            ${notice('resume-wrong', wrong?.resumeOn)}`
        : ''
    }
    <label>Anything to add? <textarea name="note" rows="3" maxlength="2000"></textarea></label>
    <div><button type="submit">Send it back</button></div>
  </form>`;
}

const notice = (id: string, words: string | undefined): Markup | '' =>
  words ? html`<p class="notice bad" id="${id}" role="alert">${words}</p>` : '';
const invalid = (id: string): Markup => html`aria-invalid="true" aria-describedby="${id}"`;

const DAY = 86_400_000;
const day = (at: Date): string => at.toISOString().slice(0, 10);
const dayAfter = (at: Date): string => day(new Date(at.getTime() + DAY));

function consequence(reason: RejectionReason): string {
  switch (reason.follows) {
    case 'recycle':
      return reason.askDate || !reason.after
        ? 'We stay in touch, and it comes back to sales on the day you say.'
        : 'We stay in touch, and it comes back to sales later.';
    case 'nurture':
      return 'We stay in touch by mail.';
    case 'disqualify':
      return 'We do not write to them again.';
    case 'reroute':
      return 'It is offered to somebody else at once.';
  }
}

/** How a mail of their own counts as the first talk. */
function bccHint(bcc: string | null): Markup | '' {
  return bcc
    ? html`<p class="soft small">
        You write to them yourself? Put <code>${bcc}</code> into Bcc, and the mail counts as your talk, at the time it was sent.
      </p>`
    : '';
}

function cardOf(card: Card): Markup {
  const facts = factsOf([
    ['Company', [card.company, card.country].filter(Boolean).join(', ')],
    ['Title', card.title],
    ['Email', card.email],
    ['Phone', card.phone],
    ['Score', card.fit ? `fit ${card.fit}, engagement ${card.engagement}` : null],
    ['Also asking', card.others > 0 ? `${card.others} more of the same company` : null],
  ]);
  return html`${facts}
    <p>${whyHandedOver(card.source, card.because)}</p>
    ${card.message ? html`<p class="notice">${card.message}</p>` : ''}`;
}

/** To write or call at once. */
function contactOf({ email, phone }: Card): Markup {
  return html`<p>
    ${phone ? html`<a href="tel:${phone}">${phone}</a>` : ''} ${phone && email ? ' · ' : ''}
    ${email ? html`<a href="mailto:${email}">${email}</a>` : ''}
  </p>`;
}
