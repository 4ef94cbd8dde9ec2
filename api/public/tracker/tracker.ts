import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createHash } from 'node:crypto';
import { problemResponses } from '../../problem.ts';
import { script } from './script.ts';

const route = createRoute({
  method: 'get',
  path: '/t.js',
  tags: ['Tracking'],
  summary: 'The website tracker',
  description:
    'Put it on a site by `<script async src="…/t.js" data-key="tnd_…"></script>`, with a key for browsers: scope `ingest`, and the site among its origins.',
  responses: {
    200: { description: 'The script', content: { 'text/javascript': { schema: z.string() } } },
    304: { description: 'The one you have is the newest' },
    ...problemResponses(),
  },
});

/** GET /t.js. */
export function trackerEndpoint(app: OpenAPIHono): void {
  const etag = `"${createHash('sha256').update(script).digest('base64url').slice(0, 20)}"`;
  app.openapi(route, (c) => {
    c.header('etag', etag);
    c.header('cache-control', 'public, max-age=3600, stale-while-revalidate=86400');
    // Sites embed it, whatever their own isolation.
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('access-control-allow-origin', '*');
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    return c.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' });
  });
}
