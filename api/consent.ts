import type { OpenAPIHono } from '@hono/zod-openapi';
import { listConsentsEndpoint } from './consents/list.ts';
import { noteConsentEndpoint } from './consents/note.ts';
import { consentProofEndpoint } from './consents/proof.ts';
import type { ApiDeps } from './deps.ts';
import { confirmEndpoints } from './public/confirm/confirm.ts';
import { preferenceEndpoints } from './public/preferences/preferences.ts';
import { exportSuppressionsEndpoint } from './suppressions/export.ts';
import { importSuppressionsEndpoint } from './suppressions/import.ts';

/** What people want of us: consents and their proof, the confirmation of a double opt-in, the preference centre, lists of those not to be mailed. */
export function consentEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  listConsentsEndpoint(app, deps);
  consentProofEndpoint(app, deps);
  noteConsentEndpoint(app, deps);
  confirmEndpoints(app, deps);
  preferenceEndpoints(app, deps);
  importSuppressionsEndpoint(app, deps);
  exportSuppressionsEndpoint(app, deps);
}
