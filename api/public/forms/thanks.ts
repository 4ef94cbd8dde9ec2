import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { formInForce } from '../../../db/forms.ts';
import type { ApiDeps } from '../../deps.ts';
import { page } from '../../pages/layout.ts';
import { problemResponses } from '../../problem.ts';

const route = createRoute({
  method: 'get',
  path: '/f/{formKey}/thanks',
  tags: ['Forms'],
  summary: 'Our own thank-you page, for forms that name none',
  request: { params: z.object({ formKey: z.string() }) },
  responses: {
    200: { description: 'The page', content: { 'text/html': { schema: z.string() } } },
    ...problemResponses('not_found', 'invalid'),
  },
});

/** GET /f/{formKey}/thanks. */
export function formThanksEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    await formInForce(pool, c.req.valid('param').formKey);
    const body = html`<section class="card pad stack">
      <h1>Thank you</h1>
      <p>Your message has reached us. We will be in touch.</p>
    </section>`;
    return page(c, { title: 'Thank you', body, kind: 'letter' });
  });
}
