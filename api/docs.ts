import type { OpenAPIHono } from '@hono/zod-openapi';
import { errorsPage } from './docs/errors-page.ts';
import { referenceEndpoints } from './docs/reference.ts';

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Tendril',
    version: '1',
    description:
      'From a website form to a nurtured, scored, assigned lead. Errors are problem details (RFC 9457); each code is explained at [/docs/errors](/docs/errors).',
  },
};

/** GET /openapi.json, /docs and /docs/errors. */
export function docsEndpoints(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', description: 'An API key: tnd_…' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'basic', {
    type: 'http',
    scheme: 'basic',
    description: "An API key as the user name, with no password: as Segment's libraries send their write key",
  });

  let document: ReturnType<OpenAPIHono['getOpenAPI31Document']> | undefined;
  app.get('/openapi.json', (c) => c.json((document ??= app.getOpenAPI31Document(about)), 200, { 'cache-control': 'no-cache' }));
  referenceEndpoints(app);
  app.get('/docs/errors', (c) => c.html(errorsPage()));
}
