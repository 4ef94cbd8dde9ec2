import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { readDocumentsEndpoint } from './documents.ts';
import { pushDocumentsEndpoint } from './push.ts';
import { putWorkspaceEndpoint, readWorkspaceEndpoint } from './settings.ts';

/** The workspace as a folder of documents. */
export function workspaceEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'templates' | 'poke'>): void {
  readDocumentsEndpoint(app, deps);
  pushDocumentsEndpoint(app, deps);
  readWorkspaceEndpoint(app, deps);
  putWorkspaceEndpoint(app, deps);
}
