import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type Correction, correctLead } from '../../db/lead-correction.ts';
import { readLead } from '../../db/leads-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { leadTold } from '../../domain/crm/lead.ts';
import { TendrilError } from '../../domain/errors.ts';
import { oneSpelling } from '../../domain/identity/one-spelling.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadDetailSchema, leadParam, shownDetail } from './schema.ts';

const correctionSchema = leadTold
  .pick({
    email: true,
    phone: true,
    firstName: true,
    lastName: true,
    name: true,
    title: true,
    company: true,
    country: true,
    timezone: true,
    locale: true,
  })
  .extend({
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
