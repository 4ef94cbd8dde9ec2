import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { formInForce } from '../../../db/forms.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { pageResponse, saying } from '../letter.ts';

const route = createRoute({
  method: 'get',
  path: '/f/{formKey}/thanks',
  tags: ['Forms'],
  summary: 'Our own thank-you page, for forms that name none',
  request: { params: z.object({ formKey: z.string() }) },
  responses: {
    200: pageResponse('The page'),
    ...problemResponses('not_found', 'invalid'),
  },
});

/** GET /f/{formKey}/thanks. */
export function formThanksEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    await formInForce(pool, c.req.valid('param').formKey);
    return saying(c, 'Thank you', 'Your message has reached us. We will be in touch.');
  });
}
