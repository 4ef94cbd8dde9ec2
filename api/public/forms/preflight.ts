import type { OpenAPIHono } from '@hono/zod-openapi';
import { formInForce } from '../../../db/forms.ts';
import type { ApiDeps } from '../../deps.ts';
import { admitOrigin } from './origin.ts';

/** OPTIONS /f/{formKey}: a browser asks whether a page of another origin may send the form. */
export function preflightFormEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.options('/f/:formKey', async (c) => {
    const { form } = await formInForce(pool, c.req.param('formKey'));
    admitOrigin(c, form);
    c.header('access-control-allow-methods', 'POST');
    c.header('access-control-allow-headers', 'content-type');
    c.header('access-control-max-age', '600');
    return c.body(null, 204);
  });
}
