import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Card } from '../../../db/cards.ts';
import type { RejectionReason } from '../../../domain/scoring/standard.ts';
import { whyHandedOver } from '../../../domain/routing/why.ts';
import type { Markup } from '../../pages/layout.ts';
import { factsOf, letter } from '../letter.ts';

/** The lead's card and one button; nothing has happened yet. */
export function acceptPage(c: Context, card: Card): Response | Promise<Response> {
  return letter(
    c,
    'Accept this lead',
    html`<h1>Take ${card.name}?</h1>
      ${cardOf(card)}
      <form method="post"><button type="submit">Accept the lead</button></form>
      <p class="soft small">It is yours when you accept; whoever else was asked can no longer take it.</p>`,
  );
}

/** The lead's card and the reasons of the qualification standard. `wrong` says what was missing in the last attempt. */
export function rejectPage(
  c: Context,
  card: Card,
  reasons: Record<string, RejectionReason>,
  wrong?: { reason?: string; resumeOn?: string },
): Response | Promise<Response> {
  const choices = Object.entries(reasons).map(
    ([key, reason]) =>
      html`<label class="choice"
        ><input type="radio" name="reason" value="${key}" required /><span
          >${reason.label}<span class="sub">${consequence[reason.follows]}</span></span
        ></label
      >`,
  );
  return letter(
    c,
    'Say no to this lead',
    html`<h1>Not ${card.name}?</h1>
      ${cardOf(card)} ${wrong?.reason ? html`<p class="notice bad" role="alert">${wrong.reason}</p>` : ''}
      <form method="post" class="stack">
        <fieldset>
          <legend>Why?</legend>
          ${choices}
        </fieldset>
        <label
          >When should we come back? <span class="soft small">Only for a lead that is too early; may be left empty.</span>
          <input type="date" name="resumeOn" ${wrong?.resumeOn ? html`aria-invalid="true" aria-describedby="resume-wrong"` : ''} />
        </label>
        ${wrong?.resumeOn ? html`<p class="notice bad" id="resume-wrong" role="alert">${wrong.resumeOn}</p>` : ''}
        <label>Anything to add? <textarea name="note" rows="3" maxlength="2000"></textarea></label>
        <div><button type="submit">Send it back</button></div>
      </form>`,
    wrong ? 422 : 200,
  );
}

const consequence: Record<RejectionReason['follows'], string> = {
  recycle: 'We stay in touch, and it comes back to sales later.',
  nurture: 'We stay in touch by mail.',
  disqualify: 'We do not write to them again.',
  reroute: 'It is offered to somebody else at once.',
};

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
