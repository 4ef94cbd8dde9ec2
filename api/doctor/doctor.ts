import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { countedTo, doctor } from '../../db/doctor.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const findingSchema = z
  .object({
    check: z.string().openapi({ example: 'enrolment-stranded' }),
    what: z.string().openapi({ description: 'What must hold' }),
    mend: z.string().openapi({ description: 'What to do when it does not' }),
    violations: z.int().openapi({ description: `How many rows break it; counting ends at ${countedTo}` }),
    listed: z.int().openapi({ description: 'How many rows are worth knowing of without breaking anything' }),
    sample: z.array(z.record(z.string(), z.unknown())).openapi({ description: 'The first few, by their ids' }),
  })
  .openapi('Finding');

const route = createRoute({
  ...secured('admin'),
  method: 'get',
  path: '/v1/doctor',
  tags: ['Operation'],
  summary: 'Looks for everything that must never happen',
  request: {
    query: z.object({
      grace: z.coerce
        .number()
        .int()
        .min(0)
        .max(86_400)
        .default(600)
        .openapi({ description: 'How late a healthy instance may be with anything, real seconds' }),
    }),
  },
  responses: {
    200: {
      description: 'Each rule with what breaks it',
      content: { 'application/json': { schema: z.object({ violations: z.int(), items: z.array(findingSchema) }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/doctor. */
export function doctorEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const items = await doctor(pool, { graceSeconds: c.req.valid('query').grace });
    return c.json({ violations: items.reduce((sum, one) => sum + one.violations, 0), items }, 200);
  });
}
