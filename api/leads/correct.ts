import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type Correction, correctLead } from '../../db/lead-correction.ts';
import { readLead } from '../../db/leads-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { TendrilError } from '../../domain/errors.ts';
import { oneSpelling } from '../../domain/identity/one-spelling.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadDetailSchema, leadParam, shownDetail } from './schema.ts';

const line = z.string().trim().min(1).max(300).nullable().optional();

const correctionSchema = z
  .strictObject({
    email: z.string().max(320).nullable().optional(),
    phone: z.string().max(60).nullable().optional().openapi({ description: 'International, or as it is dialled in `country`' }),
    firstName: line,
    lastName: line,
    name: line.openapi({ description: 'The whole name; follows its parts when only they are given' }),
    title: line,
    company: line,
    country: z
      .string()
      .max(100)
      .nullable()
      .optional()
      .openapi({ description: 'ISO 3166-1 alpha-2, or the name of the country', example: 'DE' }),
    timezone: z.string().max(100).nullable().optional().openapi({ example: 'Europe/Berlin' }),
    locale: z
      .string()
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'is not a language such as de or pt-BR')
      .nullable()
      .optional(),
    test: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether this is a test: it stays out of every figure, with its enrolments and opportunities' }),
  })
  .refine((given) => Object.keys(given).length > 0, 'says nothing to correct')
  .openapi('LeadCorrection', { minProperties: 1 });

const route = createRoute({
  ...secured('write'),
  method: 'patch',
  path: '/v1/leads/{lead}',
  tags: ['Leads'],
  summary: 'Correct what is written down of a lead',
  description:
    'What is absent stays, null clears. An earlier email still finds the lead, an earlier phone does not. Scores, campaigns and segments look at the lead again.',
  request: { params: leadParam, body: { required: true, content: { 'application/json': { schema: correctionSchema } } } },
  responses: {
    200: { description: 'The lead, as it stands now', content: { 'application/json': { schema: leadDetailSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** PATCH /v1/leads/{idOrEmail}. */
export function correctLeadEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const id = await requireLeadId(pool, c.req.valid('param').lead);
    const given = c.req.valid('json');
    const loops = await inTransaction(pool, async (tx) => {
      const lead = await readLead(tx, id);
      return correctLead(tx, id, normalised(given, lead?.country ?? null));
    });
    loops.forEach(poke);
    return c.json(shownDetail((await readLead(pool, id))!), 200);
  });
}

type Given = z.infer<typeof correctionSchema>;

/** In the one spelling that is stored. Throws `invalid` with every field that cannot be read. */
function normalised(given: Given, countryNow: string | null): Correction {
  const { read, issues } = oneSpelling(given, countryNow);
  if (issues.length > 0) throw new TendrilError('invalid', 'Some fields cannot be read', issues);
  return read;
}
