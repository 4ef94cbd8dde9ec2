import type { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { html } from 'hono/html';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
/** Changes with the package, so that browsers may keep its files. */
const { version } = createRequire(import.meta.url)('swagger-ui-dist/package.json') as { version: string };

/** Swagger UI asks nobody but us: no validator's badge, no fonts, and keys are not kept in the browser. */
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  validatorUrl: null,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

function page() {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Tendril API</title>
        <link rel="icon" href="/assets/mark.svg" />
        <link rel="stylesheet" href="/docs/files/${version}/swagger-ui.css" />
      </head>
      <body style="margin: 0">
        <main id="reference"></main>
        <noscript>The reference is drawn by a script; <a href="/openapi.json">/openapi.json</a> says the same.</noscript>
        <script src="/docs/files/${version}/swagger-ui-bundle.js"></script>
        <script src="/docs/files/${version}/start.js"></script>
      </body>
    </html>`;
}

/** GET /docs: the reference, drawn in the browser from /openapi.json by files that all come from here, so it works offline and under our policy. */
export function referenceEndpoints(app: OpenAPIHono): void {
  const file = (name: string, type: string, read: () => Promise<string>): void => {
    let content: Promise<string> | undefined;
    app.get(`/docs/files/${version}/${name}`, async (c) =>
      c.body(await (content ??= read()), 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' }),
    );
  };
  const ofPackage = (name: string) => async () => readFile(resolve(`swagger-ui-dist/${name}`), 'utf8');

  app.use('/docs/files/*', compress());
  app.get('/docs', (c) => c.html(page()));
  file('swagger-ui.css', 'text/css; charset=utf-8', ofPackage('swagger-ui.css'));
  file('swagger-ui-bundle.js', 'text/javascript; charset=utf-8', ofPackage('swagger-ui-bundle.js'));
  file('start.js', 'text/javascript; charset=utf-8', async () => Promise.resolve(start));
}
