import type { OpenAPIHono } from '@hono/zod-openapi';
import { closeAlertEndpoint } from './alerts/close.ts';
import { listAlertsEndpoint } from './alerts/list.ts';
import { deliverabilityEndpoints } from './deliverability/deliverability.ts';
import type { ApiDeps } from './deps.ts';
import { inboundEndpoints } from './inbound/inbound.ts';
import { resumeLaneEndpoint } from './lanes/resume.ts';
import { createOutbox } from './outbox/captured.ts';
import { listOutboxEndpoint } from './outbox/list.ts';
import { readOutboxEndpoint } from './outbox/one.ts';
import { outboxPages } from './outbox/pages.ts';
import { clickEndpoint } from './public/hits/click.ts';
import { openEndpoint } from './public/hits/open.ts';
import { sendgridEventsEndpoint } from './public/sendgrid/events.ts';
import { unsubscribeEndpoints } from './public/unsubscribe/unsubscribe.ts';
import { sendingEndpoints } from './sending/sending.ts';
import { listSendsEndpoint } from './sends/list.ts';
import { readSendEndpoint } from './sends/one.ts';
import { addSuppressionEndpoint } from './suppressions/add.ts';
import { listSuppressionsEndpoint } from './suppressions/list.ts';
import { removeSuppressionEndpoint } from './suppressions/remove.ts';

/** Everything about mail: the ledger, the switch, lanes, suppressions, the Outbox, and the links in mails. */
export function mailEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  listSendsEndpoint(app, deps);
  readSendEndpoint(app, deps);
  sendingEndpoints(app, deps);
  inboundEndpoints(app, deps);
  resumeLaneEndpoint(app, deps);
  deliverabilityEndpoints(app, deps);
  sendgridEventsEndpoint(app, deps);
  listAlertsEndpoint(app, deps);
  closeAlertEndpoint(app, deps);
  listSuppressionsEndpoint(app, deps);
  addSuppressionEndpoint(app, deps);
  removeSuppressionEndpoint(app, deps);
  const outbox = createOutbox(deps);
  listOutboxEndpoint(app, outbox);
  readOutboxEndpoint(app, outbox);
  outboxPages(app, { ...deps, outbox });
  unsubscribeEndpoints(app, deps);
  clickEndpoint(app, deps);
  openEndpoint(app, deps);
}
