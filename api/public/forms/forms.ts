import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../../deps.ts';
import { preflightFormEndpoint } from './preflight.ts';
import { submitFormEndpoint } from './submit.ts';
import { formThanksEndpoint } from './thanks.ts';

/** What websites and form tools see: /f/{formKey}. */
export function formEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  submitFormEndpoint(app, deps);
  preflightFormEndpoint(app, deps);
  formThanksEndpoint(app, deps);
}
