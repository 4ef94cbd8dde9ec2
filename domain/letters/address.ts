import { countryName } from './country-name.ts';

/** The lines of a postal address, the person's name first; null where there is no street or no town to send it to. */
export function postalLines(
  lead: Readonly<Record<string, unknown>>,
  account: Readonly<Record<string, unknown>>,
  home: string,
): string[] | null {
  const whose = text(lead, STREET) === null ? account : lead;
  const street = text(whose, STREET);
  const city = text(whose, CITY);
  if (street === null || city === null) return null;
  const code = text(whose, CODE);
  const country = text(whose, COUNTRY) ?? text(lead, COUNTRY);
  const company = text(lead, ['company']) ?? text(account, ['name']);
  const name = text(lead, ['name']) ?? ([text(lead, ['first_name']), text(lead, ['last_name'])].filter(Boolean).join(' ') || null);
  return [
    ...(company === null ? [] : [company]),
    ...(name === null ? [] : [name]),
    ...street.split(/\s*\n\s*/),
    ...place(code, city, text(whose, REGION), country),
    ...(country === null || country.toUpperCase() === home.toUpperCase() ? [] : [countryName(country)]),
  ].filter((line) => line !== '');
}

/** The parts of it, for a list that another program prints. */
export function postalParts(lead: Readonly<Record<string, unknown>>, account: Readonly<Record<string, unknown>>): Record<string, string> {
  const whose = text(lead, STREET) === null ? account : lead;
  return {
    street: text(whose, STREET) ?? '',
    postal_code: text(whose, CODE) ?? '',
    city: text(whose, CITY) ?? '',
    region: text(whose, REGION) ?? '',
    country: text(whose, COUNTRY) ?? text(lead, COUNTRY) ?? '',
  };
}

// As forms and CRMs call them; the first that says something holds.
const STREET = ['street', 'street_address', 'address', 'address_line1'];
export const CODE = ['postal_code', 'postcode', 'zip', 'zip_code'];
const CITY = ['city', 'town'];
export const REGION = ['region', 'state', 'province'];
const COUNTRY = ['country'];

/** Where the code stands behind the town: `Portland, OR 97201`. Elsewhere it stands before it: `24103 Kiel`. */
const CODE_BEHIND = new Set(['US', 'CA', 'AU', 'GB', 'IE', 'IN', 'NZ']);

function place(code: string | null, city: string, region: string | null, country: string | null): string[] {
  if (country !== null && CODE_BEHIND.has(country.toUpperCase()))
    return [`${[city, region].filter(Boolean).join(', ')}${code === null ? '' : ` ${code}`}`];
  return [[code, city].filter(Boolean).join(' ')];
}

/** The first of these names that says something. */
export function text(from: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = from[name];
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}
