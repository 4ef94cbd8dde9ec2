import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Preferences } from '../../../db/preferences.ts';
import type { Markup } from '../../pages/layout.ts';
import { letter } from '../letter.ts';
import { masked } from '../reader.ts';

/** For how many days marketing may be paused. */
export const PAUSES = [30, 60, 90] as const;

/** What somebody receives, as one form that works without scripts. `saved` says that it has just been changed. */
export function preferencesPage(
  c: Context,
  chosen: Preferences,
  { firm, zone, saved }: { firm: string; zone: string; saved: boolean },
): Response | Promise<Response> {
  return letter(
    c,
    'What you receive',
    html`<h1>What you receive from ${firm}</h1>
      <p class="soft">For ${masked(chosen.address)}. It takes effect at once.</p>
      ${saved ? html`<p class="notice good" role="status">Saved.</p>` : ''}
      ${chosen.barred ? html`<p class="notice warn">Mail to this address is stopped for another reason. Please write to us if you miss it.</p>` : ''}
      <form method="post" class="stack">
        ${chosen.topics.length > 0 ? topicsOf(chosen) : ''}
        <label class="choice"
          ><input type="checkbox" name="leave" value="yes" ${chosen.left ? 'checked' : ''} /><span
            >No marketing mail at all<span class="sub">Answers to what you ask us yourself still reach you.</span></span
          ></label
        >
        ${pauseOf(chosen, zone)} ${languageOf(chosen)}
        <fieldset>
          <legend>Privacy</legend>
          <label class="choice"
            ><input type="checkbox" name="tracked" value="yes" ${chosen.tracked ? 'checked' : ''} /><span
              >You may see whether I open your mails and follow their links</span
            ></label
          >
        </fieldset>
        <div><button type="submit" name="save" value="yes">Save</button></div>
      </form>`,
  );
}

function topicsOf({ topics, left }: Preferences): Markup {
  return html`<fieldset>
    <legend>Mail about</legend>
    ${topics.map(
      ({ key, name, description, state, wanted }) =>
        html`<input type="hidden" name="shown.${key}" value="yes" /><label class="choice"
            ><input type="checkbox" name="topic.${key}" value="yes" ${wanted ? 'checked' : ''} /><span
              >${name}${description ? html`<span class="sub">${description}</span>` : ''}${
                state === 'pending' && !left ? html`<span class="sub">Waits for your confirmation; ticking it here will do.</span>` : ''
              }</span
            ></label
          >`,
    )}
  </fieldset>`;
}

function pauseOf({ paused, pausedUntil }: Preferences, zone: string): Markup {
  const until = pausedUntil?.toLocaleDateString('en-GB', { timeZone: zone, dateStyle: 'long' });
  const choices: [string, string][] = [
    ...(paused ? [['keep', until ? `Paused until ${until}` : 'Paused'] as [string, string]] : []),
    ['none', paused ? 'Go on now' : 'No pause'],
    ...PAUSES.map((days): [string, string] => [String(days), `Pause for ${days} days`]),
  ];
  return html`<label
    >A pause
    <select name="pause">
      ${choices.map(([value, words], i) => html`<option value="${value}" ${i === 0 ? 'selected' : ''}>${words}</option>`)}
    </select></label
  >`;
}

/** Each in its own words. */
function languageOf({ languages, language }: Preferences): Markup | string {
  if (languages.length < 2) return '';
  const own = (tag: string): string => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  const known = languages.find((tag) => tag === language) ?? languages.find((tag) => language?.split(/[-_]/)[0] === tag);
  return html`<label
    >Language
    <select name="language">
      ${known === undefined ? html`<option value="" selected>—</option>` : ''}
      ${languages.map((tag) => html`<option value="${tag}" lang="${tag}" ${tag === known ? 'selected' : ''}>${own(tag)}</option>`)}
    </select></label
  >`;
}
