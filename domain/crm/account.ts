import { z } from 'zod';
import { companyDomain } from '../identity/company.ts';
import { countryCode } from '../identity/country.ts';
import { attributes, type Fault, isFault, line, readTold } from './common.ts';
import { patched } from './lead.ts';

/** What another system tells of a company. What is absent stays as it is, null clears. */
export const accountTold = z.strictObject({
  domain: z.string().min(3).max(253).nullable().optional().describe('its own, or any address or site of it'),
  name: line,
  country: z.string().max(100).nullable().optional(),
  attributes: attributes.optional(),
  owner: z.string().min(1).max(200).nullable().optional().describe('key of a rep'),
});
export type AccountTold = z.infer<typeof accountTold>;

/** How an account stands, as far as another system may tell of it. */
export interface AccountStanding {
  domain: string | null;
  name: string | null;
  country: string | null;
  attributes: Record<string, unknown>;
  owner: string | null;
}

/** What is told, in the one spelling that is stored, or what of it cannot be read. */
export function readAccount(given: unknown): AccountTold | Fault {
  const told = readTold(accountTold, given);
  if (isFault(told)) return told;
  const domain = told.domain && companyDomain(told.domain);
  const country = told.country && countryCode(told.country);
  const issues = [
    ...(told.domain && !domain ? [{ path: 'domain', reason: 'is not the domain of a company' }] : []),
    ...(told.country && !country ? [{ path: 'country', reason: 'is not a country' }] : []),
  ];
  if (issues.length > 0) return { code: 'invalid', detail: 'Some fields cannot be read', issues };
  return {
    ...told,
    ...(told.domain !== undefined && { domain: domain ?? null }),
    ...(told.country !== undefined && { country: country ?? null }),
  };
}

/** How the account stands when this is heeded. */
export function heedAccount(stands: AccountStanding, told: AccountTold): AccountStanding {
  const { attributes: given, ...fields } = told;
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { ...stands, ...said, ...(given && { attributes: patched(stands.attributes, given) }) };
}
