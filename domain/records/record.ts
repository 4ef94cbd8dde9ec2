import { z } from 'zod';
import { externalId as idThere, system } from '../crm/external.ts';

export const recordKinds = ['quote', 'order', 'contract', 'case'] as const;
export type RecordKind = (typeof recordKinds)[number];

/** The number of a record in the system it comes from. */
export const externalId = z.string().min(1).max(200);

const when = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  'is not a date such as 2026-12-01, or a date and time such as 2026-12-01T09:00:00Z',
);
const statusPattern = /^[a-z][a-z0-9_]*$/;

/**
 * A quote, order, contract or service case as a back-end system tells it. It belongs to a company, a person, or both; a person or a
 * company (by its domain) that is not known yet is made. The whole record is told each time: what is left out is no longer so.
 */
export const recordSchema = z
  .strictObject({
    /** The company: the id of an account, its domain, or the id that another system has told us for it. */
    account: z
      .union([
        z.strictObject({ id: z.uuid() }),
        z.strictObject({ domain: z.string().min(3).max(253), name: z.string().max(200).optional() }),
        z.strictObject({ system, externalId: idThere }),
      ])
      .optional(),
    /** The person, by address. Events of the record are theirs; without one, everybody's of the company. */
    email: z.email().optional(),
    /** The person, by the id that another system has told us for them. */
    lead: z.strictObject({ system, externalId: idThere }).optional(),
    products: z.array(z.string().min(1).max(200)).max(100).default([]),
    amount: z.number().min(-1e15).max(1e15).nullable().default(null),
    /** ISO 4217. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'is not a currency such as EUR')
      .nullable()
      .default(null),
    /** In the words of that system, small letters: `sent`, `signed`, `renewed`. A service case is open while it says `open`. */
    status: z
      .string()
      .max(60)
      .transform(slug)
      .refine((status) => statusPattern.test(status), 'is not a status such as signed'),
    /** Dates by name: `ends_at`, `valid_until`. A date without a time is that day in the workspace's zone. */
    dates: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'is not a name such as ends_at'), when).default({}),
    attributes: z.record(z.string().max(100), z.unknown()).default({}),
  })
  .refine(({ account, email, lead }) => account !== undefined || email !== undefined || lead !== undefined, {
    path: ['account'],
    message: 'a record belongs to somebody: say account, email or both',
  })
  .refine(({ email, lead }) => email === undefined || lead === undefined, { path: ['lead'], message: 'say email or lead, not both' });
export type RecordDocument = z.infer<typeof recordSchema>;

/** The event of a record that has come to a status: `contract_renewed`, `quote_sent`. */
export function recordEvent(kind: RecordKind, status: string): string {
  return `${kind}_${status}`;
}

function slug(written: string): string {
  return written
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
}
