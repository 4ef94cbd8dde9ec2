import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { currentDocument } from '../../db/documents.ts';
import type { Queryable } from '../../db/pool.ts';
import { fallbackPool } from '../../db/routing/ground.ts';
import { routingSchema as documentSchema, usualRouting } from '../../domain/routing/document.ts';
import { ruleInWords } from '../../domain/routing/words.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { lintHere } from './linting.ts';
import { routingSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/routing',
  tags: ['Routing'],
  summary: 'The rules by which leads that are handed to sales find their rep',
  responses: {
    200: { description: 'The rules in force, as they stand and in words', content: { 'application/json': { schema: routingSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/routing. */
export function readRoutingEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json(await shownRouting(pool), 200));
}

/** The rules in force: the usual ones, too, where those that are stored cannot be read any more, which the warnings say. */
export async function shownRouting(tx: Queryable) {
  const stored = await currentDocument(tx, 'routing');
  const document = stored?.body ?? usualRouting;
  return {
    version: stored?.version ?? null,
    document: document as Record<string, unknown>,
    rules: (documentSchema.safeParse(document).data ?? usualRouting).rules.map(ruleInWords),
    fallback: await fallbackPool(tx),
    warnings: await lintHere(tx, document),
  };
}
