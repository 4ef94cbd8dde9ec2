import type { LeadFacts } from '../conditions/evaluate.ts';
import { numberOf } from '../conditions/values.ts';
import { CODE, REGION, text } from '../letters/address.ts';

/** A lead that is to be routed, with all that rules may look at. People and pools are named by their keys. */
export interface Subject {
  facts: LeadFacts;
  /** Domain of the account. */
  domain: string | null;
  /** ISO 639 code, where it is known. */
  language: string | null;
  source: 'form' | 'campaign' | 'score' | 'api';
  productLine: string;
  /** The pool that was asked for by a form, a campaign or a call. */
  asked: string | null;
  /** Active reps who are there already: of the account, and of another open opportunity of it. */
  owners: { account: string | null; opportunity: string | null };
  /** Reps who have passed it on: they are not asked again. */
  without?: ReadonlySet<string>;
}

/** Where the firm is and what it is. */
export interface Place {
  country: string | null;
  region: string | null;
  postcode: string | null;
  industry: string | null;
  employees: number | null;
}

/** As forms and CRMs call them; the first that says something holds. */
export const attributeNames = {
  region: REGION,
  postcode: CODE,
  industry: ['industry', 'sector', 'branch'],
  employees: ['employees', 'employee_count', 'headcount', 'company_size'],
} as const;

/** The lead's own country, region and postcode come first; the account's hold where it is in the same country. The firm's industry and size are the account's first. */
export function placeOf({ lead, account }: Pick<LeadFacts, 'lead' | 'account'>): Place {
  const firm = account ?? {};
  const country = (text(lead, ['country']) ?? text(firm, ['country']))?.toUpperCase() ?? null;
  const home = text(firm, ['country'])?.toUpperCase() ?? country;
  const where = (names: readonly string[]): string | null => text(lead, names) ?? (home === country ? text(firm, names) : null);
  const what = (names: readonly string[]): string | null => text(firm, names) ?? text(lead, names);
  return {
    country,
    region: where(attributeNames.region),
    postcode: where(attributeNames.postcode),
    industry: what(attributeNames.industry),
    employees: numberOf(what(attributeNames.employees)),
  };
}
