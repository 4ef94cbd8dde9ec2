import type { Context } from 'hono';
import { html } from 'hono/html';
import { letter } from '../letter.ts';

/** Who is asked to confirm what. */
export interface Asking {
  firm: string;
  /** Masked. */
  address: string;
  topic: string;
  description: string | null;
}

/** Asks; nothing has happened yet. */
export function askPage(c: Context, { firm, address, topic, description }: Asking): Response | Promise<Response> {
  return letter(
    c,
    'Confirm',
    html`<h1>Do you want ${topic} from ${firm}?</h1>
      <p>${description ? html`${description}. ` : ''}It is sent to ${address}, and every mail has a link to stop it.</p>
      <form method="post"><button type="submit" name="confirm" value="yes">Yes, send it to me</button></form>
      <p class="soft small">If it was not you who asked for it, simply close this page.</p>`,
  );
}

/** It is confirmed, now or before. */
export function confirmedPage(c: Context, { topic, address }: Asking, preferencesUrl: string): Response | Promise<Response> {
  return letter(
    c,
    'Thank you',
    html`<h1>Thank you</h1>
      <p>From now on ${topic} is sent to ${address}.</p>
      <p class="soft"><a href="${preferencesUrl}">Choose what else you receive</a></p>`,
  );
}

/** They took it back after the mail was sent: an old mail does not speak against that. */
export function takenBackPage(c: Context, { topic }: Asking, preferencesUrl: string): Response | Promise<Response> {
  return letter(
    c,
    'You have unsubscribed since',
    html`<h1>You have unsubscribed since</h1>
      <p>
        After this mail was sent you told us not to send ${topic}. If you want it after all, <a href="${preferencesUrl}">say so here</a>.
      </p>`,
    409,
  );
}
