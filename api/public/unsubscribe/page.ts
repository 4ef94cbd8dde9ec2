import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import { letter, saying } from '../letter.ts';

/** What the page knows of who is leaving, and what. */
export interface Leaving {
  firm: string;
  /** Masked, e.g. m•••@huadong.example. */
  address: string;
  /** The topic's name; null when the link is for all marketing. */
  topic: string | null;
  /** Where they may say more. */
  preferencesUrl: string;
}

/** Asks; nothing has happened yet. */
export function askPage(c: Context, { firm, address, topic, preferencesUrl }: Leaving): Response | Promise<Response> {
  const choices: Markup = topic
    ? html`<fieldset>
        <legend>What would you rather not receive?</legend>
        <label class="choice"><input type="radio" name="what" value="topic" checked /> Mail about ${topic}</label>
        <label class="choice"><input type="radio" name="what" value="all" /> Anything but answers to what I ask myself</label>
      </fieldset>`
    : html`<input type="hidden" name="what" value="all" />`;
  return letter(
    c,
    'Unsubscribe',
    html`<h1>Stop mail from ${firm}?</h1>
      <p class="soft">To ${address}. It takes effect at once.</p>
      <form method="post">
        ${choices}
        <div><button type="submit">Unsubscribe</button></div>
      </form>
      <p class="soft"><a href="${preferencesUrl}">Rather choose what you receive, or pause it</a></p>`,
  );
}

/** It is done, now or before. */
export function donePage(c: Context, { firm, address, preferencesUrl }: Leaving, what: string | null): Response | Promise<Response> {
  return letter(
    c,
    'Unsubscribed',
    html`<h1>You are unsubscribed</h1>
      <p>${firm} sends no more ${what === null ? 'marketing mail' : html`mail about ${what}`} to ${address}.</p>
      <p class="soft">Answers to what you ask us yourself still reach you.</p>
      <p class="soft"><a href="${preferencesUrl}">Choose what you receive</a></p>`,
  );
}

/** The person is no longer in the workspace: nothing is sent to them in any case. */
export function gonePage(c: Context): Response | Promise<Response> {
  return saying(c, 'You are not on our list', 'We have no address of yours any more, and send nothing to it.');
}

/** The link is not one of ours, or was cut off. */
export function unknownPage(c: Context): Response | Promise<Response> {
  const words = 'It may have been cut off on its way. Please open the link from the mail itself, or answer that mail and ask us to stop.';
  return saying(c, 'We do not recognise this link', words, 404);
}
