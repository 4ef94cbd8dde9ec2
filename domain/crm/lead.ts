import { z } from 'zod';
import { joinName } from '../identity/name.ts';
import { oneSpelling } from '../identity/one-spelling.ts';
import { type Stage, stages } from '../lifecycle.ts';
import { same } from '../workspace/same.ts';
import { attributes, companyRef, type Fault, isFault, line, readTold } from './common.ts';

/** What another system tells of a person. What is absent stays as it is, null clears. */
export const leadTold = z.strictObject({
  email: z.string().max(320).nullable().optional(),
  phone: z.string().max(60).nullable().optional().describe('international, or as it is dialled in `country`'),
  firstName: line,
  lastName: line,
  name: line.describe('the whole name; follows its parts when only they are given'),
  title: line,
  company: line,
  country: z.string().max(100).nullable().optional().describe('ISO 3166-1 alpha-2, or the name of the country'),
  timezone: z.string().max(100).nullable().optional(),
  locale: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'is not a language such as de or pt-BR')
    .nullable()
    .optional(),
  buyingRole: line,
  stage: z.enum(stages).optional(),
  tags: z.array(z.string().trim().min(1).max(100)).max(100).optional().describe('all of them: what is not named is taken off'),
  attributes: attributes.optional(),
  account: companyRef.nullable().optional(),
  test: z.boolean().optional().describe('heeded when the lead is new'),
});
export type LeadTold = z.infer<typeof leadTold>;

/** How a lead stands, as far as another system may tell of it. */
export interface LeadStanding {
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  name: string | null;
  title: string | null;
  company: string | null;
  country: string | null;
  timezone: string | null;
  locale: string | null;
  buyingRole: string | null;
  stage: Stage;
  tags: string[];
  attributes: Record<string, unknown>;
  accountId: string | null;
}

/** What is told, in the one spelling that is stored, or what of it cannot be read. `home` is the country of national numbers without one. */
export function readLead(given: unknown, home: string): LeadTold | Fault {
  const told = readTold(leadTold, given);
  if (isFault(told)) return told;
  const { read, issues } = oneSpelling(told, home);
  return issues.length > 0 ? { code: 'invalid', detail: 'Some fields cannot be read', issues } : read;
}

const plain = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'name',
  'title',
  'company',
  'country',
  'timezone',
  'locale',
  'buyingRole',
  'stage',
] as const;

/** How the lead stands when this is heeded. `accountId` undefined: nothing was told of its company. */
export function heedLead(stands: LeadStanding, told: LeadTold, accountId?: string | null): LeadStanding {
  const next: LeadStanding = { ...stands };
  for (const field of plain) if (told[field] !== undefined) Object.assign(next, { [field]: told[field] });
  const partsTold = told.firstName !== undefined || told.lastName !== undefined;
  if (told.name === undefined && partsTold) next.name = joinName(next.firstName, next.lastName) ?? next.name;
  if (told.tags !== undefined) next.tags = [...new Set(told.tags)].toSorted();
  if (told.attributes !== undefined) next.attributes = patched(stands.attributes, told.attributes);
  if (accountId !== undefined) next.accountId = accountId;
  return next;
}

/** Attributes one by one: absent ones stay, null takes one off. */
export function patched(stands: Record<string, unknown>, told: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...stands, ...told }).filter(([, value]) => value !== null));
}

/** The fields that differ, by their names in the api; attributes as `attributes.<name>`. */
export function changedFields<T extends { attributes: Record<string, unknown> }>(before: T, after: T): string[] {
  const fields = (Object.keys(before) as (keyof T & string)[]).filter(
    (field) => field !== 'attributes' && !same(before[field], after[field]),
  );
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  const attributesChanged = [...names].filter((name) => !same(before.attributes[name], after.attributes[name]));
  return [...fields.map((field) => (field === 'accountId' ? 'account' : field)), ...attributesChanged.map((name) => `attributes.${name}`)];
}
