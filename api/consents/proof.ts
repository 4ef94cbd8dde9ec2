import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { consentProof } from '../../db/consents-read.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { leadParam } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { entrySchema, shownEntry } from './schema.ts';

const proofSchema = entrySchema
  .extend({
    proof: z.record(z.string(), z.unknown()).openapi({ description: 'As it was kept: form, submission, address, browser, mail, event …' }),
    text: z.string().nullable().openapi({ description: 'The words agreed to, where the topic has this version of them' }),
  })
  .openapi('ConsentProof');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/{lead}/consents/{id}',
  tags: ['Leads'],
  summary: 'One consent with all that proves it',
  request: { params: leadParam.extend({ id: z.uuid() }) },
  responses: {
    200: { description: 'The consent and its proof', content: { 'application/json': { schema: proofSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/leads/{idOrEmail}/consents/{id}. */
export function consentProofEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { lead, id } = c.req.valid('param');
    const found = await consentProof(pool, await requireLeadId(pool, lead), id);
    if (!found) throw new TendrilError('not_found', 'This lead has no such consent');
    return c.json({ ...shownEntry(found), proof: found.proof, text: found.text }, 200);
  });
}
