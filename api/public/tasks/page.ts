import type { Context } from 'hono';
import { html } from 'hono/html';
import type { TaskCard } from '../../../domain/tasks/card.ts';
import { DONE, outcomeWords } from '../../../domain/tasks/task.ts';
import { factsOf, letter, saying } from '../letter.ts';

/** What is to be done, and what may be answered; nothing has happened yet. `wrong` says what was missing in the last attempt. */
export function taskPage(c: Context, task: TaskCard, wrong?: string): Response | Promise<Response> {
  const choices = task.outcomes.map(
    (outcome) =>
      html`<label class="choice"
        ><input type="radio" name="outcome" value="${outcome}" required ${task.outcomes.length === 1 ? 'checked' : ''} /><span
          >${outcomeWords(outcome)}${outcome === DONE && task.outcomes.length > 1 ? html`<span class="sub">None of the above.</span>` : ''}</span
        ></label
      >`,
  );
  return letter(
    c,
    task.title,
    html`<h1>${task.title}</h1>
      ${factsOf(rowsOf(task))} ${wrong ? html`<p class="notice bad" role="alert">${wrong}</p>` : ''}
      <form method="post" class="stack">
        <fieldset>
          <legend>What came of it?</legend>
          ${choices}
        </fieldset>
        <label>Anything to add? <textarea name="note" rows="3" maxlength="2000"></textarea></label>
        <div><button type="submit">Save</button></div>
      </form>`,
    wrong ? 422 : 200,
  );
}

/** It is noted. */
export function notedPage(c: Context, { title }: TaskCard, outcome: string): Response | Promise<Response> {
  return saying(c, 'Thank you', `“${title}” is off your list: ${outcomeWords(outcome)}.`);
}

function rowsOf(task: TaskCard): [string, string | null][] {
  return [
    ['About', [task.name, task.role].filter(Boolean).join(', ')],
    ['Company', [task.company, task.country].filter(Boolean).join(', ')],
    ['Email', task.email],
    ['Phone', task.phone],
    ['Score', task.fit ? `fit ${task.fit}, engagement ${task.engagement}` : null],
    ['Due', dueIn(task)],
    ['Asked by', task.campaign],
  ];
}

/** By the owner's own clock. */
function dueIn({ dueAt, owner }: TaskCard): string {
  return dueAt.toLocaleString('en-GB', { timeZone: owner.timezone, dateStyle: 'full', timeStyle: 'short' });
}
