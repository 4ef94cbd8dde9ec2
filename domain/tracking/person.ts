import { isZone } from '../calendar/zoned.ts';
import { companyDomain } from '../identity/company.ts';
import { normaliseEmail } from '../identity/email.ts';
import { splitName } from '../identity/name.ts';
import type { NewPerson } from '../identity/person.ts';
import { normalisePhone } from '../identity/phone.ts';
import type { Said } from './call.ts';
import { storable } from '../storable.ts';

type Bag = Record<string, unknown>;

/** What a person's calls tell of them. */
export interface Told {
  person: NewPerson;
  /** Every address they were given, oldest first; `person.email` is the last of them. */
  emails: string[];
  /** What group calls told of their company. */
  company: Bag;
  /** The company's own domain, where a group call told it. */
  domain: string | null;
}

/** Traits that are the lead's own columns; every other trait is an attribute, under the name it came by. */
const columns = new Set(['email', 'phone', 'name', 'firstName', 'lastName', 'title', 'company', 'website', 'country']);

/**
 * Gathers what a person's calls say, oldest first: what is said later holds. Null when they say nothing that a lead would keep.
 * `country` reads national telephone numbers where the traits name none.
 */
export function tell(calls: readonly Said[], country: string): Told | null {
  const person: NewPerson = {};
  const told: Told = { person, emails: [], company: {}, domain: null };
  for (const call of calls) {
    const traits = traitsOf(call);
    const email = normaliseEmail(traits['email']) ?? (call.userId?.includes('@') ? normaliseEmail(call.userId) : null);
    if (email && email !== told.emails.at(-1)) told.emails.push(email);
    keep(person, { ...names(traits), ...place(traits, call.context), ...employer(traits), ...touches(call.context) });
    const phone = normalisePhone(traits['phone'], [person.country ?? country, country]);
    if (phone) person.phone = phone;
    const title = text(traits['title']);
    if (title) person.title = title;
    const attributes = Object.entries(traits).filter(([key, value]) => !columns.has(key) && value !== null && value !== '');
    if (attributes.length > 0) person.attributes = { ...person.attributes, ...Object.fromEntries(attributes) };
    if (call.type === 'group') hearOfGroup(told, call);
  }
  const email = told.emails.at(-1);
  if (email) person.email = email;
  return Object.keys(person).length > 0 ? told : null;
}

/** An identify call's own traits; those that another call repeats in its context. A group's traits are its company's. */
function traitsOf({ type, traits, context }: Said): Bag {
  return { ...bag(context['traits']), ...(type === 'identify' && traits) };
}

function hearOfGroup(told: Told, { traits, groupId }: Said): void {
  const { person } = told;
  const name = text(traits['name']);
  const website = text(traits['website']) ?? text(traits['domain']) ?? text(traits['url']);
  const domain = companyDomain(website);
  if (name) person.company = name;
  if (domain) {
    person.website = website;
    told.domain = domain;
  }
  person.attributes = { ...person.attributes, groupId };
  const rest = Object.entries(traits).filter(([key, value]) => !['name', 'website', 'domain', 'url'].includes(key) && value !== null);
  Object.assign(told.company, Object.fromEntries(rest), { groupId });
}

function names(traits: Bag): NewPerson {
  const whole = splitName(text(traits['name']));
  const firstName = text(traits['firstName']) ?? text(traits['first_name']);
  const lastName = text(traits['lastName']) ?? text(traits['last_name']);
  return { firstName: firstName ?? whole.firstName, lastName: lastName ?? whole.lastName, name: whole.name };
}

function employer(traits: Bag): NewPerson {
  const { company } = traits;
  const website = text(traits['website']);
  if (typeof company === 'string') return { company: text(company), website };
  const { name, website: site, domain } = bag(company);
  return { company: text(name), website: text(site) ?? text(domain) ?? website };
}

function place(traits: Bag, context: Bag): NewPerson {
  const country = text(bag(traits['address'])['country']) ?? text(traits['country']);
  const locale = text(context['locale']);
  const timezone = text(context['timezone']);
  return {
    country: country && /^[a-z]{2}$/i.test(country) ? country.toUpperCase() : null,
    locale: locale && /^[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}$/i.test(locale) ? locale : null,
    timezone: timezone && isZone(timezone) ? timezone : null,
  };
}

/** Where they first came from and where last: the tracker remembers both, other libraries tell the present campaign. */
function touches(context: Bag): NewPerson {
  const { first, last } = bag(context['touch']);
  const now = campaignTouch(context);
  return { firstTouch: touch(first) ?? now, lastTouch: touch(last) ?? now };
}

/** A touch as leads keep it: `{ utm: { source, … }, referrer, url }`. What is neither text nor such parts is left out. */
function touch(given: unknown, deeper = true): Bag | null {
  const entries = Object.entries(bag(given)).flatMap(([key, value]) => {
    const said = text(value) ?? (deeper ? touch(value, false) : null);
    return said ? [[key, said]] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries.slice(0, 20)) : null;
}

function campaignTouch(context: Bag): Bag | null {
  const { name, ...rest } = bag(context['campaign']);
  const utm = touch({ ...rest, campaign: name }, false);
  const { url, referrer } = bag(context['page']);
  return utm && touch({ utm, referrer, url });
}

/** Later values replace earlier ones, except the first touch, which stays. */
function keep(person: NewPerson, said: NewPerson): void {
  const { firstTouch, ...rest } = said;
  for (const [key, value] of Object.entries(rest)) if (value !== null && value !== undefined) Object.assign(person, { [key]: value });
  if (firstTouch) person.firstTouch ??= firstTouch;
}

function text(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return storable(String(value).trim(), 1_000) || null;
}

function bag(value: unknown): Bag {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Bag) : {};
}
