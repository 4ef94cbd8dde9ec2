import type Handlebars from 'handlebars';

/** What a helper is told by Handlebars: named arguments, and what the mail is made with. */
interface Told {
  hash: Record<string, unknown>;
  data: { language?: string; root?: { lead?: Record<string, unknown>; workspace?: { timezone?: string } } };
}
type Helper = (...args: unknown[]) => unknown;

const DATES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  full: { dateStyle: 'full', timeStyle: 'short' },
  day: { dateStyle: 'full' },
  long: { dateStyle: 'long' },
  short: { dateStyle: 'short' },
  weekday: { weekday: 'long' },
  month: { month: 'long', year: 'numeric' },
  time: { timeStyle: 'short' },
};

/** What mails may say besides variables; templates/README.md tells of each. Numbers and dates are written as the language of the mail writes them. */
export const helpers: Readonly<Record<string, Helper>> = {
  /** `{{default lead.first_name 'there'}}`: the first of its arguments that says something. */
  default: (...args) => args.slice(0, -1).find((value) => value !== undefined && value !== null && value !== ''),

  /** `{{#if (is kind 'nudge')}}`: whether two values are the same. */
  is: (a, b) => a === b,

  /**
   * `{{date params.starts_at lead.timezone as='time'}}`: an instant in words, in a zone; without one in the lead's, the workspace's, UTC.
   * A date without a time is a day wherever it is read.
   */
  date(value, ...rest) {
    const told = rest.at(-1) as Told;
    const day = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    const at = new Date(value as string);
    if (value === null || value === undefined || Number.isNaN(at.getTime())) throw new Error(`'${String(value)}' is not a date`);
    const style = (told.hash['as'] as string | undefined) ?? (day ? 'day' : 'full');
    if (!Object.hasOwn(DATES, style)) throw new Error(`a date is not written as '${style}': there are ${Object.keys(DATES).join(', ')}`);
    return dateFormat(languageOf(told), style, day ? 'UTC' : zoneOf(rest.length > 1 ? rest[0] : null, told)).format(at);
  },

  /** `{{number params.flow digits=1}}`: with the separators of the language. */
  number(value, told) {
    const { digits } = (told as Told).hash;
    return numberFormat(languageOf(told as Told), '', typeof digits === 'number' ? digits : -1).format(numberOf(value));
  },

  /** `{{money params.price 'EUR'}}`: an amount in a currency; `digits=0` leaves the cents out. */
  money(value, currency, told) {
    if (typeof currency !== 'string' || !/^[A-Za-z]{3}$/.test(currency))
      throw new Error(`'${String(currency)}' is not a currency such as EUR`);
    const { digits } = (told as Told).hash;
    return numberFormat(languageOf(told as Told), currency.toUpperCase(), typeof digits === 'number' ? digits : -1).format(numberOf(value));
  },

  /** `{{plural params.pumps one='# pump' other='# pumps'}}`: the form that the language has for a number, which stands where the # is. */
  plural(value, told) {
    const { hash } = told as Told;
    const language = languageOf(told as Told);
    const number = numberOf(value);
    const form = hash[`is${number}`] ?? hash[pluralRules(language).select(number)] ?? hash['other'];
    if (typeof form !== 'string') throw new Error("a plural needs at least other='…'");
    return form.replaceAll('#', numberFormat(language, '', -1).format(number));
  },
};

/** Makes them known to an instance of Handlebars. */
export function registerHelpers(engine: typeof Handlebars): void {
  for (const [name, helper] of Object.entries(helpers)) engine.registerHelper(name, helper);
}

const languageOf = ({ data }: Told): string => data.language ?? 'en-GB';

function zoneOf(given: unknown, { data: { root } }: Told): string {
  if (typeof given === 'string' && given !== '') return given;
  const theirs = root?.lead?.['timezone'];
  return typeof theirs === 'string' && theirs !== '' ? theirs : (root?.workspace?.timezone ?? 'UTC');
}

function numberOf(value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new Error(`'${String(value)}' is not a number`);
  return number;
}

// Making a format costs some hundred times as much as using it, and mails leave by the thousand.
const dateFormat = remembered(
  (language: string, style: string, timeZone: string) => new Intl.DateTimeFormat(language, { ...DATES[style], timeZone }),
);
const numberFormat = remembered((language: string, currency: string, digits: number) => {
  const exactly = digits < 0 ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, { ...(currency && { style: 'currency' as const, currency }), ...exactly });
});
const pluralRules = remembered((language: string) => new Intl.PluralRules(language));

const MOST_REMEMBERED = 1_000;

function remembered<Args extends readonly (string | number)[], Made>(make: (...args: Args) => Made): (...args: Args) => Made {
  const made = new Map<string, Made>();
  return (...args) => {
    const key = args.join('\n');
    let one = made.get(key);
    if (one === undefined) {
      if (made.size >= MOST_REMEMBERED) made.clear();
      made.set(key, (one = make(...args)));
    }
    return one;
  };
}
