import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { secured } from '../auth.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { templateParam, templateSchema, variantSchema } from './schema.ts';
import { shownTemplates } from './shown.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/templates/{key}',
  tags: ['Mail'],
  summary: 'One mail with its source',
  request: { params: templateParam },
  responses: {
    200: {
      description: 'The mail, in every language it has',
      content: {
        'application/json': {
          schema: templateSchema.extend({ variants: z.array(variantSchema.extend({ source: z.string() })) }).openapi('TemplateWhole'),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/templates/{key}. */
export function getTemplateEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const found = (await shownTemplates(pool, templates)).find((one) => one.key === key);
    if (!found) throw new TendrilError('not_found', `There is no template '${key}'`);
    const sources = new Map(templates.files().map(({ path, source }) => [path, source]));
    return c.json({ ...found, variants: found.variants.map((one) => ({ ...one, source: sources.get(one.file)! })) }, 200);
  });
}
