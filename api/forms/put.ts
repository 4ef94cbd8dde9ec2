import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { putDocument } from '../../db/documents.ts';
import { TendrilError } from '../../domain/errors.ts';
import { parseForm } from '../../domain/forms/form.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { formParam, formView } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/forms/{key}',
  tags: ['Forms'],
  summary: 'Say what a submission of a form means',
  description: 'The form document (docs/forms.md). A changed one is a new version, in force at once for what is submitted from then on.',
  request: {
    params: formParam,
    body: { required: true, content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } } },
  },
  responses: {
    200: { description: 'In force', content: { 'application/json': { schema: formView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/forms/{key}. */
export function putFormEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const document = { key, ...c.req.valid('json') };
    if (document.key !== key)
      throw new TendrilError('invalid', 'The document has another key than the path', [{ path: 'key', reason: `is not ${key}` }]);
    parseForm(document);
    return c.json({ key, version: await putDocument(pool, 'form', key, document), document }, 200);
  });
}
