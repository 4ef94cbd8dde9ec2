import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { getTemplateEndpoint } from './get.ts';
import { lettersEndpoint } from './letters.ts';
import { lintTemplatesEndpoint } from './lint.ts';
import { listTemplatesEndpoint } from './list.ts';
import { templatePages } from './pages.ts';
import { previewTemplateEndpoint } from './preview.ts';
import { putTemplateEndpoint } from './put.ts';

/** The mails of the workspace: to read, to save, to try out, and to send by post. */
export function templateEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'templates' | 'config'>): void {
  listTemplatesEndpoint(app, deps);
  getTemplateEndpoint(app, deps);
  putTemplateEndpoint(app, deps);
  lintTemplatesEndpoint(app, deps);
  previewTemplateEndpoint(app, deps);
  lettersEndpoint(app, deps);
  templatePages(app, deps);
}
