import { countryCode, countryOfDomain } from '../identity/country.ts';
import { normaliseEmail } from '../identity/email.ts';
import { joinName, splitName } from '../identity/name.ts';
import { normalisePhone } from '../identity/phone.ts';
import type { Form, LeadField } from '../forms/form.ts';
import { takeCircumstances, type Circumstances } from './circumstances.ts';
import { guessByShape } from './guess.ts';
import { meaningOf, normaliseLabel } from './synonyms.ts';
import type { Answer, Recognised } from './types.ts';
import { storable } from '../storable.ts';

/** What a submission says, in our terms. It is kept with the submission, so it is its own JSON. */
export interface Mapped {
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  name: string | null;
  title: string | null;
  company: string | null;
  website: string | null;
  country: string | null;
  locale: string | null;
  message: string | null;
  /** Kept with the lead. */
  attributes: Record<string, Answer['value']>;
  /** Kept with the event. */
  properties: Record<string, Answer['value']>;
  /** Null where the form did not ask. */
  consent: boolean | null;
  circumstances: Circumstances;
  test: boolean;
  /** What was given but cannot be used, e.g. `email: kevin@`. Shown to whoever reviews it. */
  unusable: { field: LeadField; value: string }[];
}

const LONGEST = 10_000;
const MOST_PROPERTIES = 100;

interface Candidate {
  rank: number;
  answer: Answer;
}

/**
 * What the answers say of the person: by the form's own mapping first, then by the sender's type of field, by synonym of key or
 * label, and last by the shape of the value. `country` is the workspace's, for national telephone numbers.
 */
export function mapAnswers(recognised: Recognised, form: Form, country: string): Mapped {
  const { rest: answers, circumstances } = takeCircumstances(recognised);
  const mapping = new Map(Object.entries(form.mapping).map(([from, to]) => [normaliseLabel(from), to]));
  const candidates = new Map<LeadField, Candidate[]>();
  const attributes: Mapped['attributes'] = {};
  const properties: Mapped['properties'] = {};
  const said = consentOf(answers, form, recognised.consent);
  const loose: Answer[] = [];

  for (const answer of answers) {
    const to = mapping.get(normaliseLabel(answer.key)) ?? mapping.get(normaliseLabel(answer.label));
    if (to === 'ignore' || isConsent(answer, form)) continue;
    if (to?.startsWith('attributes.')) attributes[to.slice(11)] = bounded(answer.value);
    else if (to?.startsWith('properties.')) properties[to.slice(11)] = bounded(answer.value);
    else {
      const meant = to ? { field: to as LeadField, rank: 0 } : meaning(answer);
      if (meant) candidates.set(meant.field, [...(candidates.get(meant.field) ?? []), { rank: meant.rank, answer }]);
      else loose.push(answer);
    }
  }
  for (const { field, answer } of guessByShape(loose, new Set(candidates.keys()))) {
    candidates.set(field, [{ rank: 9, answer }]);
    loose.splice(loose.indexOf(answer), 1);
  }

  const unusable: Mapped['unusable'] = [];
  const used = new Set<Answer>();
  const pick = <T>(field: LeadField, read: (value: Answer['value']) => T | null): T | null => {
    const ranked = (candidates.get(field) ?? []).toSorted((a, b) => a.rank - b.rank);
    for (const { answer } of ranked) {
      const found = read(answer.value);
      if (found !== null) {
        used.add(answer);
        return found;
      }
    }
    if (ranked[0]) unusable.push({ field, value: storable(String(ranked[0].answer.value), 300) });
    return null;
  };

  const email = pick('email', normaliseEmail);
  const locale = pick('locale', (value) =>
    typeof value === 'string' && /^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/i.test(value) ? value.replaceAll('_', '-') : null,
  );
  const where = pick('country', (value) => countryCode(String(value)));
  const website = pick('website', (value) =>
    typeof value === 'string' && /\S\.\S/.test(value) && !/\s/.test(value) ? storable(value, 500) : null,
  );
  const zones = [where, countryOfDomain(email), localeRegion(locale), countryOfScript(answers), country].filter((zone) => zone !== null);
  const phone = pick('phone', (value) => normalisePhone(typeof value === 'boolean' || Array.isArray(value) ? null : value, zones));
  const names = personName(pick('firstName', short), pick('lastName', short), pick('name', short), locale);
  const mapped = {
    email,
    phone,
    ...names,
    title: pick('title', (value) => (isSalutation(value) ? null : short(value))),
    company: pick('company', short),
    website,
    country: where,
    locale,
    message: pick('message', (value) => bounded(Array.isArray(value) ? value.join(', ') : String(value)) as string),
  };
  const others = [...loose, ...[...candidates.values()].flat().map(({ answer }) => answer)].filter((answer) => !used.has(answer));
  for (const answer of others.slice(0, MOST_PROPERTIES)) addProperty(properties, answer);
  return { ...mapped, attributes, properties, consent: said, circumstances, test: isTest(recognised, form), unusable };
}

/** Types that senders give their fields. A payment's name and address come after those that the person was asked for. */
const types: [RegExp, LeadField][] = [
  [/^(input_)?e-?mail(_address)?$|^formemailinput$/, 'email'],
  [/^(input_)?(phone|tel|telephone)(_number)?$/, 'phone'],
  [/^(website|input_link)$/, 'website'],
  [/^country$/, 'country'],
];

function meaning(answer: Answer): { field: LeadField; rank: number } | null {
  const type = answer.type ?? '';
  const named = meaningOf(answer.label) ?? meaningOf(answer.key);
  if (type === 'calculated_fields' || type === 'calculated') return null;
  if (type === 'payment') return paid(answer);
  const typed = types.find(([pattern]) => pattern.test(type));
  if (typed) return { field: typed[1], rank: named?.field === typed[1] ? 1 : 2 };
  if (
    named &&
    (typeof answer.value === 'boolean' || (named.field !== 'message' && /^(legal|yes_no|checkboxes|rating|number|date)$/.test(type)))
  )
    return null;
  // A large box without a telling label is where people write; with one that says `text` it comes first.
  if (/^(textarea|long_text|paragraph)$/.test(type) && (!named || named.field === 'message'))
    return { field: 'message', rank: named && named.rank < 3 ? 1 : 2 };
  return named && { field: named.field, rank: 2 + named.rank };
}

function paid(answer: Answer): { field: LeadField; rank: number } | null {
  const part = /\((name|email)\)$/.exec(answer.label)?.[1];
  return part ? { field: part as LeadField, rank: 8 } : null;
}

function short(value: Answer['value']): string | null {
  if (typeof value === 'boolean' || Array.isArray(value)) return null;
  const text = String(value)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return text && text.length <= 200 && !/^<test lead:/i.test(text) ? text : null;
}

function isSalutation(value: Answer['value']): boolean {
  return /^(mr|mrs|ms|miss|mx|dr|prof|herr|frau|m|mme|sr|sra|先生|女士|小姐)\.?$/i.test(String(value));
}

/** A first name may hold the whole name; a whole name is taken apart. */
function personName(first: string | null, last: string | null, whole: string | null, locale: string | null) {
  if (first && last) return { firstName: first, lastName: last, name: whole ?? joinName(first, last) };
  const split = splitName(whole ?? first ?? last, locale);
  if (last && !first && !whole) return { firstName: null, lastName: last, name: null };
  return {
    firstName: whole && first ? first : split.firstName,
    lastName: last ?? split.lastName,
    name: whole ?? (split.lastName ? split.name : null),
  };
}

/** Where people write so; for national telephone numbers only. */
function countryOfScript(answers: readonly Answer[]): string | null {
  const written = answers.map(({ label, value }) => `${label} ${String(value)}`).join(' ');
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(written)) return 'JP';
  if (/\p{Script=Hangul}/u.test(written)) return 'KR';
  return /\p{Script=Han}/u.test(written) ? 'CN' : /\p{Script=Cyrillic}/u.test(written) ? 'RU' : null;
}

function localeRegion(locale: string | null): string | null {
  return countryCode(/-([A-Za-z]{2})$/.exec(locale ?? '')?.[1]);
}

const refusals = new Set([
  '',
  'false',
  'off',
  'no',
  '0',
  'n',
  'null',
  'undefined',
  'nein',
  'non',
  'nee',
  'nie',
  'нет',
  'hayir',
  '否',
  '不同意',
  '不',
  'いいえ',
  '아니요',
  'disagree',
  'declined',
  'refused',
  'unchecked',
]);

function isConsent(answer: Answer, form: Form): boolean {
  const field = form.consent?.field;
  return field !== undefined && [answer.key, answer.label].some((name) => normaliseLabel(name) === normaliseLabel(field));
}

function consentOf(answers: readonly Answer[], form: Form, sender: boolean | null): boolean | null {
  if (!form.consent) return null;
  if (!form.consent.field) return sender ?? true;
  const box = answers.find((answer) => isConsent(answer, form));
  if (!box) return sender ?? false;
  return Array.isArray(box.value) ? box.value.length > 0 : !refusals.has(String(box.value).trim().toLowerCase());
}

function isTest(recognised: Recognised, form: Form): boolean {
  const marked = recognised.answers.some(
    ({ key, value }) =>
      (typeof value === 'string' && /^<test lead:/i.test(value)) || (key === 'tnd_test' && !refusals.has(String(value).toLowerCase())),
  );
  return form.test || recognised.test || marked;
}

function bounded(value: Answer['value']): Answer['value'] {
  if (typeof value === 'string') return storable(value, LONGEST);
  return Array.isArray(value) ? value.slice(0, 100).map((one) => storable(one, 1_000)) : value;
}

/** Under the label where people can read it, else under the field's own name. */
function addProperty(properties: Mapped['properties'], answer: Answer): void {
  const [key, label] = [slug(answer.key), slug(answer.label)];
  const readable = /^\p{L}/u.test(label) && (label.length <= 60 || /\d/.test(key) || key === '');
  const name = storable(readable ? label : /^\d/.test(key) ? `field_${key}` : key, 60);
  if (name && !(name in properties)) properties[name] = bounded(answer.value);
}

function slug(text: string): string {
  return normaliseLabel(text).replaceAll(' ', '_');
}
