import type { UsedAs, VariableUse } from './variables.ts';

/** Links that every mail may have, as an example has them. */
export const SAMPLE_LINKS = {
  unsubscribeUrl: 'https://example.com/u/the-signed-link-by-which-its-reader-leaves',
  preferencesUrl: 'https://example.com/p/the-signed-link-to-what-its-reader-wants',
} as const;
export const SAMPLE_ADDRESS = 'Hafenstrasse 12, 20457 Hamburg';

const KNOWN: Readonly<Record<string, string>> = {
  first_name: 'Wilhelmina',
  last_name: 'Braun',
  name: 'Wilhelmina Braun',
  company: 'Huadong Water Treatment Company',
  email: 'wilhelmina@huadong.example',
  title: 'Head of Maintenance',
  phone: '+49301234567',
  country: 'DE',
  timezone: 'Europe/Berlin',
  stage: 'lead',
  currency: 'EUR',
};

/**
 * An invented reader for whom a mail can be filled in: everything that the mail speaks of is there (`bare: false`), or only what it cannot
 * do without. What a campaign's step says in its `params` stands as it says it.
 */
export function sampleView(uses: readonly VariableUse[], { params, bare }: { params: Record<string, unknown>; bare: boolean }): object {
  const view: Record<string, unknown> = {
    workspace: { name: 'Sample & Sons', postalAddress: SAMPLE_ADDRESS, timezone: 'Europe/Berlin' },
    sender: { name: 'Sample & Sons', address: 'hello@example.com' },
    campaign: { key: 'sample', name: 'A campaign' },
    lead: { email: KNOWN['email'] },
    account: {},
    ...SAMPLE_LINKS,
    params: structuredClone(params),
  };
  // Wider paths first: a list is there before its members are.
  for (const { path, usedAs, needed } of uses.toSorted((a, b) => rank(a) - rank(b)))
    if (needed || !bare) put(view, path.split('.'), sampleOf(path, usedAs));
  return view;
}

const rank = ({ path, usedAs }: VariableUse): number => path.split('.').length * 2 + (usedAs === 'text' ? 1 : 0);

function sampleOf(path: string, usedAs: UsedAs): unknown {
  const name = path.split('.').at(-1)!;
  if (usedAs === 'date') return '2026-03-05T09:00:00Z';
  if (usedAs === 'number') return 3;
  if (usedAs === 'currency') return 'EUR';
  if (usedAs === 'zone') return 'Europe/Berlin';
  if (usedAs === 'list') return [];
  if (/url|link|href/i.test(name)) return 'https://example.com/somewhere';
  return path === 'account.name' ? KNOWN['company'] : (KNOWN[name] ?? 'Sample');
}

const isInherited = (name: string): boolean => name === '__proto__' || name === 'constructor' || name === 'prototype';

/** Puts a value where nothing is yet; `[]` is the first of a list. */
function put(into: Record<string, unknown>, [first, ...rest]: string[], value: unknown): void {
  // The author's own words become keys here: none of them may reach what all objects share.
  if (first === undefined || isInherited(first)) return;
  const key = first === '[]' ? '0' : first;
  if (rest.length === 0) {
    if (into[key] === undefined || into[key] === null) into[key] = value;
    return;
  }
  if (typeof into[key] !== 'object' || into[key] === null) into[key] = rest[0] === '[]' ? [] : {};
  put(into[key] as Record<string, unknown>, rest, value);
}
