import { countryCode } from '../identity/country.ts';
import { normaliseEmail } from '../identity/email.ts';
import type { NewPerson } from '../identity/person.ts';
import { normalisePhone } from '../identity/phone.ts';

/** A person as somebody wrote them down. */
export interface Written {
  leadId?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  name?: string | undefined;
  title?: string | undefined;
  company?: string | undefined;
  country?: string | undefined;
}

/** The person in our terms, or why nobody can be recognised by it. `country` is for national numbers. */
export function personOf({ leadId: _, email, phone, country, ...rest }: Written, home: string): NewPerson | string {
  const code = country === undefined ? null : countryCode(country);
  const person = {
    ...rest,
    email: email === undefined ? null : normaliseEmail(email),
    phone: phone === undefined ? null : normalisePhone(phone, [...(code ? [code] : []), home]),
    country: code,
  };
  if (person.email || person.phone) return person;
  return email === undefined && phone === undefined
    ? 'names nobody: it has no leadId, email or phone'
    : 'the email or phone given cannot be used';
}
