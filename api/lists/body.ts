import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { TendrilError } from '../../domain/errors.ts';

/** The body of an endpoint that takes people one by one, as a list, or as a CSV file as it is. */
export function listBody<Schema extends z.ZodType>(schema: Schema) {
  const csv = z.string().openapi({
    description: 'A first row of headings in any language and order, one person a row; comma, semicolon or tab',
    example: 'Email,First name,Company\nmei@huadong.example,Mei,Huadong Pumps',
  });
  // It is read by `csvOf`: what the JSON may be is not widened by it.
  const unread = csv as unknown as z.ZodType<never>;
  return { content: { 'application/json': { schema }, 'text/csv': { schema: unread } } };
}

/** The bytes of a CSV body; null when it came as JSON. Throws `unsupported_media_type` where it is neither. */
export async function csvOf(c: Context): Promise<Uint8Array | null> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'text/csv') return new Uint8Array(await c.req.arrayBuffer());
  if (type === 'application/json') return null;
  throw new TendrilError('unsupported_media_type', 'Send a list as application/json or text/csv');
}

/** What a list of as many people as go at once may weigh, in bytes. */
const LIST_LIMIT = 4 * 1024 * 1024;

const listOf = (what: string) => (c: Context) => (c.req.path.endsWith(what) ? LIST_LIMIT : null);

/** How large the bodies of lists may be, by how their paths begin: for `boundBody`. */
export const listLimits = {
  '/v1/campaigns/': listOf('/enrolments'),
  '/v1/sequences/': listOf('/runs'),
  '/v1/occasions/': listOf('/guests'),
};

/** Somebody on a list sent as JSON: a lead we know by its id, or a person. */
export const personSchema = z.strictObject({
  leadId: z.uuid().optional(),
  email: z.string().max(320).optional(),
  phone: z.string().max(60).optional(),
  firstName: z.string().max(200).optional(),
  lastName: z.string().max(200).optional(),
  name: z.string().max(200).optional(),
  title: z.string().max(200).optional(),
  company: z.string().max(200).optional(),
  country: z.string().max(100).optional(),
});

/** Rows that were not taken, and why: `row` is the line of the file, or the place in the list, from 1. */
export const faultsSchema = z
  .array(z.object({ row: z.int(), reason: z.string() }))
  .openapi({ description: 'Rows that were not taken, and why: the line of the file, or the place in the list from 1' });
