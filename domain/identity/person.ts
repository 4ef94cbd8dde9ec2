import { accountNameKey, companyDomain } from './company.ts';
import { joinName } from './name.ts';

/** What is known of a person. Email, phone and country come normalised; what is absent or null leaves the lead's own value. */
export interface NewPerson {
  email?: string | null;
  /** E.164. */
  phone?: string | null;
  /** The id of the person in the sender's own system. */
  userId?: string | null;
  anonymousId?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  name?: string | null;
  title?: string | null;
  company?: string | null;
  /** The company's site: finds the account where the address is free mail. */
  website?: string | null;
  /** ISO 3166-1 alpha-2. */
  country?: string | null;
  /** IANA. */
  timezone?: string | null;
  locale?: string | null;
  attributes?: Record<string, unknown>;
  tags?: string[];
  firstTouch?: Record<string, unknown> | null;
  lastTouch?: Record<string, unknown> | null;
  test?: boolean;
}

export interface Identity {
  kind: 'email' | 'user' | 'phone' | 'anonymous';
  value: string;
}

/** The identities of a person in the order in which they decide who it is. */
export function identitiesOf(person: NewPerson): Identity[] {
  const all = { email: person.email, user: person.userId, phone: person.phone, anonymous: person.anonymousId } as const;
  return (['email', 'user', 'phone', 'anonymous'] as const).flatMap((kind) => (all[kind] ? [{ kind, value: all[kind] }] : []));
}

/** The keys by which a person's account is found: the domain decides, the name only hints. */
export interface AccountKeys {
  domain: string | null;
  nameKey: string | null;
}

/** The keys of a person's account, from the address, else the website, and the company's name. */
export function accountKeysOf(person: NewPerson): AccountKeys {
  return { domain: companyDomain(person.email) ?? companyDomain(person.website), nameKey: accountNameKey(person.company) };
}

/** The whole name, where it is known. */
export function wholeName(person: NewPerson): string | null {
  return person.name ?? joinName(person.firstName ?? null, person.lastName ?? null);
}

/** Whether two who share a telephone number are two people, as at a switchboard: another address and another name. */
export function areDifferent(
  a: { email?: string | null; name?: string | null },
  b: { email?: string | null; name?: string | null },
): boolean {
  return Boolean(a.email && b.email && a.email !== b.email && a.name && b.name && a.name.toLowerCase() !== b.name.toLowerCase());
}
