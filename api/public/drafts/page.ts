import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Draft } from '../../../db/drafts.ts';
import { factsOf, letter, saying } from '../letter.ts';

/** What its rep has written in the form, where it could not be taken. */
export interface Written {
  subject: string;
  body: string;
  version: number;
}

/** The letter in a form; nothing has happened yet. `wrong` says what was the matter with the last attempt, `written` what stood in it. */
export function draftPage(c: Context, draft: Draft, wrong?: string, written?: Written): Response | Promise<Response> {
  const { lead, sequence, thread } = draft;
  const { subject = draft.subject ?? '', body = draft.body, version = draft.version } = written ?? {};
  return letter(
    c,
    `Your letter to ${lead.name}`,
    html`<h1>Your letter to ${lead.name}</h1>
      ${factsOf([
        ['To', [lead.name, lead.title].filter(Boolean).join(', ')],
        ['Company', lead.company],
        ['Email', lead.email],
        ['Sequence', sequence.name],
        ['Due', dueIn(draft)],
      ])}
      ${wrong ? html`<p class="notice bad" role="alert">${wrong}</p>` : ''}
      <form method="post" class="stack">
        <input type="hidden" name="version" value="${version}" />
        <label
          >Subject
          <input
            type="text"
            name="subject"
            value="${subject}"
            maxlength="200"
            placeholder="${thread === 'reply' ? 'As the thread is called' : ''}"
        /></label>
        <label>Letter <textarea name="body" rows="14" maxlength="20000" required>${body}</textarea></label>
        <div>
          <button type="submit" name="act" value="send">Send</button>
          <button type="submit" name="act" value="save" class="quiet">Save</button>
          <button type="submit" name="act" value="skip" class="quiet" formnovalidate>Skip this letter</button>
        </div>
      </form>`,
    wrong ? 422 : 200,
  );
}

/** What was done with it. */
export function doneWith(c: Context, { lead }: Draft, act: 'send' | 'save' | 'skip'): Response | Promise<Response> {
  if (act === 'send') return saying(c, 'It is on its way', `Your letter to ${lead.name} leaves when their working hours allow.`);
  if (act === 'skip') return saying(c, 'Skipped', `${lead.name} does not get this letter; the sequence goes on.`);
  return saying(c, 'Saved', `Your letter to ${lead.name} waits for you. Open the link again to send it.`);
}

/** By the rep's own clock. */
function dueIn({ dueAt, rep }: Draft): string {
  return dueAt.toLocaleString('en-GB', { timeZone: rep.timezone, dateStyle: 'full', timeStyle: 'short' });
}
