import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { findLeadId } from '../../db/leads-read.ts';
import { compile, loadRouting } from '../../db/routing/ground.ts';
import { openFor } from '../../db/routing/read.ts';
import { loadSubjects } from '../../db/routing/subjects.ts';
import { TendrilError } from '../../domain/errors.ts';
import { route as decide } from '../../domain/routing/route.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireRouting } from './linting.ts';
import { givenDocument, routedSchema, shownRouted } from './schema.ts';

const body = z
  .strictObject({
    leadId: z.uuid().optional(),
    email: z.string().min(1).max(320).optional().openapi({ example: 'mei@huadong.example' }),
    pool: z.string().max(100).optional().openapi({ description: 'Key of the pool that a form or campaign would ask for' }),
    productLine: z.string().max(100).default(''),
    source: z.enum(['form', 'campaign', 'score', 'api']).default('api'),
    document: givenDocument.optional().openapi({ description: 'Rules to ask instead of those in force' }),
  })
  .refine(({ leadId, email }) => (leadId === undefined) !== (email === undefined), { error: 'name the lead by leadId or by email' })
  .openapi('RoutingQuestion');

const answer = routedSchema
  .extend({
    leadId: z.uuid(),
    joins: z
      .object({ opportunityId: z.uuid(), owner: z.string().nullable() })
      .nullable()
      .openapi({ description: 'The open opportunity it would join instead of being routed' }),
  })
  .openapi('RoutingExplained');

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/routing/explain',
  tags: ['Routing'],
  summary: 'Where would this lead go, and why',
  description: 'By its facts of now. Nothing is written.',
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: {
      description: 'The rule that decides, what it sees, and why each before it does not',
      content: { 'application/json': { schema: answer } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/routing/explain. */
export function explainRoutingEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { leadId: id, email, pool: asked, productLine, source, document } = c.req.valid('json');
    const leadId = await findLeadId(pool, id ?? email!);
    if (!leadId) throw new TendrilError('not_found', 'There is no such lead');
    const { rules: present, staff } = await loadRouting(pool);
    const rules = document ? await compile(pool, (await requireRouting(pool, document)).document, null) : present;
    const [known] = await loadSubjects(pool, [{ leadId, source, productLine, asked: source === 'score' ? null : (asked ?? null) }], rules);
    const joined = await openFor(pool, leadId, productLine);
    const joins = joined && { opportunityId: joined.id, owner: joined.owner };
    return c.json({ ...shownRouted(decide(rules, staff, known!.subject)), leadId, joins }, 200);
  });
}
