import { z } from 'zod';

const kinds = ['text', 'number', 'boolean', 'date', 'list'] as const;
export type ValueKind = (typeof kinds)[number] | 'choice';

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a name is letters, digits and _, such as employees or plant_size');
const common = { label: z.string().min(1).optional(), description: z.string().optional() };

/**
 * What a value may be: a kind by its name, or `{ type, label, description }`; a choice lists its `options`. `date` is an ISO date or instant,
 * `list` a list of texts.
 */
export const typed = z.union([
  z.enum(kinds),
  z.strictObject({ type: z.enum(kinds), ...common }),
  z.strictObject({ type: z.literal('choice'), options: z.array(z.string().min(1)).min(1), ...common }),
]);
export type Typed = z.infer<typeof typed>;

/** Types by name, as an event's properties and a lead's attributes are declared. */
export const typedByName = z.record(name, typed);

/** The document `attributes`: what is kept of leads and accounts beside the columns everybody has. */
export const attributesSchema = z.strictObject({ lead: typedByName.default({}), account: typedByName.default({}) });
export type Attributes = z.infer<typeof attributesSchema>;

export const kindOfValue = (given: Typed): ValueKind => (typeof given === 'string' ? given : given.type);
export const optionsOf = (given: Typed): readonly string[] | null =>
  typeof given === 'object' && given.type === 'choice' ? given.options : null;

/** What every lead has, whatever the workspace declares. */
export const leadColumns = {
  email: 'text',
  phone: 'text',
  first_name: 'text',
  last_name: 'text',
  name: 'text',
  title: 'text',
  company: 'text',
  country: 'text',
  timezone: 'text',
  locale: 'text',
  buying_role: 'text',
  created_at: 'date',
} as const satisfies Readonly<Record<string, Typed>>;

/** What every account has. */
export const accountColumns = { name: 'text', domain: 'text', country: 'text' } as const satisfies Readonly<Record<string, Typed>>;
