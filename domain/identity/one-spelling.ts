import { isZone } from '../calendar/zoned.ts';
import type { Issue } from '../errors.ts';
import { countryCode } from './country.ts';
import { normaliseEmail } from './email.ts';
import { normalisePhone } from './phone.ts';

/** What is told of a person and kept in one spelling; null takes it off, absent leaves it. */
interface Told {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  country?: string | null | undefined;
  timezone?: string | null | undefined;
}

const reasons = {
  email: 'is not an email address',
  phone: 'is not a telephone number',
  country: 'is not a country',
  timezone: 'is not an IANA time zone',
};
const fields = Object.keys(reasons) as (keyof typeof reasons)[];

/** What is told, in the one spelling that is stored, and what of it cannot be read. `home` is the country of national numbers where none is told. */
export function oneSpelling<T extends Told>(told: T, home: string | null): { read: T; issues: Issue[] } {
  const country = told.country && countryCode(told.country);
  const read = {
    email: told.email && normaliseEmail(told.email),
    phone:
      told.phone &&
      normalisePhone(
        told.phone,
        [country, home].filter((one) => typeof one === 'string'),
      ),
    country,
    timezone: told.timezone && (isZone(told.timezone) ? told.timezone : null),
  };
  const issues = fields.filter((field) => typeof told[field] === 'string' && !read[field]).map((path) => ({ path, reason: reasons[path] }));
  const said = fields.filter((field) => told[field] !== undefined).map((field) => [field, read[field]]);
  return { read: { ...told, ...Object.fromEntries(said) }, issues };
}
