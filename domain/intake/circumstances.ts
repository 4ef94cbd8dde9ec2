import { isObject, text } from './shape.ts';
import { normaliseLabel } from './synonyms.ts';
import type { Answer, Recognised, SubmissionContext } from './types.ts';
import { storable } from '../storable.ts';

/** How the person came, told by the sender or by hidden fields of the form. */
export interface Circumstances extends SubmissionContext {
  /** The visitor's id, as our tracker sends it along. */
  anonymousId?: string;
  firstTouch?: Record<string, unknown>;
  lastTouch?: Record<string, unknown>;
}

const clicks = new Set(['gclid', 'fbclid', 'msclkid', 'li fat id', 'ttclid', 'wbraid', 'gbraid']);
const places: Record<string, 'url' | 'referrer'> = {
  referrer: 'referrer',
  referer: 'referrer',
  'http referer': 'referrer',
  'document referrer': 'referrer',
  'page referrer': 'referrer',
  'page url': 'url',
  pageurl: 'url',
  'page uri': 'url',
  url: 'url',
  'source url': 'url',
  'landing page': 'url',
  'landing url': 'url',
  'current url': 'url',
  'tnd url': 'url',
};
const housekeeping =
  /^(form id|form name|form key|form url|submission id|response id|entry id|entry serial number|user agent|remote ip|ip address|ip|created at|updated at|submitted at|timestamp|date created|csrf token|authenticity token|g recaptcha response|h captcha response|cf turnstile response|utf8|form nonce|wpnonce|charset|form element id)$/;

/**
 * Takes out of the answers what is not the person's answer but how they came: utm, click ids, referrer, page, the visitor's id
 * (`tnd_aid`), touches (`tnd_first`, `tnd_last`) and the housekeeping of form tools.
 */
export function takeCircumstances(recognised: Recognised): { rest: Answer[]; circumstances: Circumstances } {
  const circumstances: Circumstances = { ...recognised.context };
  const utm: Record<string, string> = {};
  const rest = recognised.answers.filter((answer) => {
    const own = /(?:^|\.)(?:tnd_([a-z]+)((?:\.\w+)*)|anonymous_?id)$/i.exec(answer.key);
    if (own) return void takeOwn(own[1] ?? 'aid', own[2]?.slice(1) ?? '', answer, circumstances);
    const name = [answer.label, answer.key.split('.').at(-1)!].map(normaliseLabel);
    const value = line(Array.isArray(answer.value) ? answer.value[0] : answer.value);
    const campaign = name.find((one) => /^utm [a-z]+$/.test(one) || clicks.has(one));
    if (campaign && value) {
      utm[campaign.replace('utm ', '').replaceAll(' ', '_')] = value;
      return false;
    }
    const place = name.map((one) => places[one]).find(Boolean);
    if (place && value && /^(https?:\/\/|\/|$)/.test(value)) {
      circumstances[place] ??= value;
      return false;
    }
    return !name.some((one) => housekeeping.test(one));
  });
  for (const [name, value] of utmOf(circumstances.url)) utm[name] ??= value;
  if (Object.keys(utm).length > 0) circumstances.utm = utm;
  return { rest, circumstances };
}

const line = (value: unknown): string => storable(text(value) ?? '', 500);

/** What our tracker adds to a form: `tnd_aid`, `tnd_url`, `tnd_referrer`, and the touches with their parts. */
function takeOwn(name: string, path: string, answer: Answer, into: Circumstances): void {
  const value = line(answer.value);
  if (!value) return;
  if (name === 'aid' && value.length <= 100) into.anonymousId ??= value;
  if (name === 'url' || name === 'referrer') into[name] = value;
  if ((name === 'first' || name === 'last') && path) putAt((into[`${name}Touch`] ??= {}), path.split('.').slice(0, 3), value);
}

function putAt(target: Record<string, unknown>, [key = '', ...rest]: string[], value: string): void {
  if (key === '__proto__') return;
  if (rest.length === 0) target[key] = value;
  else putAt((target[key] = isObject(target[key]) ? target[key] : {}), rest, value);
}

function utmOf(url: string | undefined): [string, string][] {
  if (!url || !URL.canParse(url)) return [];
  return [...new URL(url).searchParams]
    .filter(([name]) => /^utm_[a-z]+$/.test(name))
    .map(([name, value]) => [name.slice(4), storable(value, 500)]);
}

/** A touch: what a lead's first_touch and last_touch hold. Null when nothing is known. */
export function touchOf({ utm, referrer, url, lastTouch }: Circumstances): Record<string, unknown> | null {
  if (lastTouch) return lastTouch;
  const touch = { ...(utm && { utm }), ...(referrer && { referrer }), ...(url && { url }) };
  return Object.keys(touch).length > 0 ? touch : null;
}
