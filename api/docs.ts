import { Scalar } from '@scalar/hono-api-reference';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { errorsPage } from './docs/errors-page.ts';

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Tendril',
    version: '1',
    description:
      'From a website form to a nurtured, scored, assigned lead. Errors are problem details (RFC 9457); each code is explained at [/docs/errors](/docs/errors).',
  },
};

/** Scalar draws the page in the browser and comes from a CDN, so this one page may load it from there. */
const scalarPolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; font-src 'self' data: https://fonts.scalar.com https://cdn.jsdelivr.net; img-src 'self' data: https:; connect-src 'self' https://cdn.jsdelivr.net; worker-src blob:; frame-ancestors 'none'; base-uri 'none'";

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
  app.get('/docs', async (c, next) => {
    c.header('content-security-policy', scalarPolicy);
    return Scalar({ url: '/openapi.json', pageTitle: 'Tendril API', withDefaultFonts: false, telemetry: false })(c, next);
  });
  app.get('/docs/errors', (c) => c.html(errorsPage()));
}
