import { OpenAPIHono } from '@hono/zod-openapi';
import { accountEndpoints } from './accounts/accounts.ts';
import { createKeyFinder } from './auth.ts';
import { boundBody } from './body.ts';
import { listCallsEndpoint } from './calls/list.ts';
import { retryCallEndpoint } from './calls/retry.ts';
import { campaignEndpoints } from './campaigns/campaigns.ts';
import { clockEndpoints } from './clock/clock.ts';
import { consentEndpoints } from './consent.ts';
import type { ApiDeps } from './deps.ts';
import { docsEndpoints } from './docs.ts';
import { doctorEndpoint } from './doctor/doctor.ts';
import { createErrorHandler, rejectInvalid } from './errors.ts';
import { standardHeaders } from './headers.ts';
import { listFormsEndpoint } from './forms/list.ts';
import { putFormEndpoint } from './forms/put.ts';
import { figuresEndpoints } from './figures/figures.ts';
import { healthEndpoints } from './health/health.ts';
import { listLimits } from './lists/body.ts';
import { metricsEndpoint } from './health/metrics.ts';
import { createKeyEndpoint } from './keys/create.ts';
import { listKeysEndpoint } from './keys/list.ts';
import { revokeKeyEndpoint } from './keys/revoke.ts';
import { leadEndpoints } from './leads/leads.ts';
import { scoreEndpoint } from './leads/score.ts';
import { mailEndpoints } from './mail.ts';
import { listMeetingsEndpoint } from './meetings/list.ts';
import { occasionEndpoints } from './occasions/occasions.ts';
import { opportunityEndpoints } from './opportunities/opportunities.ts';
import { ownEndpoints } from './own/own.ts';
import { assetEndpoints } from './pages/assets.ts';
import { overviewPage } from './pages/overview/overview.ts';
import { salesPage } from './pages/sales/sales.ts';
import { poolEndpoints } from './pools/pools.ts';
import { calendlyHook } from './public/calendly/hook.ts';
import { dayLinkEndpoints } from './public/day/day.ts';
import { formEndpoints } from './public/forms/forms.ts';
import { offerEndpoints } from './public/offers/offer.ts';
import { inboundLimit } from './public/inbound/secret.ts';
import { taskLinkEndpoints } from './public/tasks/task.ts';
import { trackerEndpoint } from './public/tracker/tracker.ts';
import { recordEndpoints } from './records/records.ts';
import { repMailboxEndpoints } from './reps/mailbox.ts';
import { routingEndpoints } from './routing/routing.ts';
import { repEndpoints } from './reps/reps.ts';
import { segmentEndpoints } from './segments/segments.ts';
import { draftsEndpoints } from './drafts/drafts.ts';
import { sequenceEndpoints } from './sequences/sequences.ts';
import { submissionEndpoints } from './submissions/submissions.ts';
import { IMPORT_PATH } from './suppressions/import.ts';
import { taskEndpoints } from './tasks/tasks.ts';
import { templateEndpoints } from './templates/templates.ts';
import { batchEndpoint } from './tracking/batch.ts';
import { callEndpoints } from './tracking/call.ts';
import { trackingCors } from './tracking/cors.ts';
import { createTrackRate } from './tracking/rate.ts';
import { refuseUnknown } from './unknown.ts';
import { webhookEndpoints } from './webhooks/webhooks.ts';
import { workspaceEndpoints } from './workspace/workspace.ts';

/** The whole HTTP surface. Every resource has its lines below; each endpoint is a file of its own. */
export function createApp(deps: ApiDeps): OpenAPIHono {
  const { config } = deps;
  const keys = createKeyFinder(deps);
  const app = new OpenAPIHono({ defaultHook: rejectInvalid });

  app.onError(createErrorHandler(deps));
  app.use(standardHeaders({ https: config.publicUrl.startsWith('https:') }));
  app.use(
    boundBody(config.BODY_LIMIT, {
      '/hooks/sendgrid/events': config.SENDGRID_WEBHOOK_LIMIT,
      '/hooks/sendgrid/inbound': inboundLimit(config),
      ...listLimits,
      [IMPORT_PATH]: 'streamed',
    }),
  );
  app.use(async (c, next) => {
    c.set('findKey', keys.find);
    await next();
  });

  healthEndpoints(app, deps);
  metricsEndpoint(app, deps);
  createKeyEndpoint(app, deps);
  listKeysEndpoint(app, deps);
  revokeKeyEndpoint(app, { ...deps, forgetKey: keys.forget });
  trackingCors(app, deps);
  const tracking = { ...deps, countCall: createTrackRate(deps) };
  callEndpoints(app, tracking);
  batchEndpoint(app, tracking);
  trackerEndpoint(app);

  formEndpoints(app, deps);
  listFormsEndpoint(app, deps);
  putFormEndpoint(app, deps);
  submissionEndpoints(app, deps);
  leadEndpoints(app, deps);
  scoreEndpoint(app, deps);
  accountEndpoints(app, deps);
  campaignEndpoints(app, deps);
  segmentEndpoints(app, deps);
  sequenceEndpoints(app, deps);
  draftsEndpoints(app, deps);
  occasionEndpoints(app, deps);
  recordEndpoints(app, deps);
  opportunityEndpoints(app, deps);
  ownEndpoints(app, deps);
  repEndpoints(app, deps);
  repMailboxEndpoints(app, deps);
  poolEndpoints(app, deps);
  routingEndpoints(app, deps);
  offerEndpoints(app, deps);
  figuresEndpoints(app, deps);
  calendlyHook(app, deps);
  listMeetingsEndpoint(app, deps);
  taskEndpoints(app, deps);
  taskLinkEndpoints(app, deps);
  dayLinkEndpoints(app, deps);
  webhookEndpoints(app, deps);
  listCallsEndpoint(app, deps);
  retryCallEndpoint(app, deps);
  clockEndpoints(app, deps);
  doctorEndpoint(app, deps);
  mailEndpoints(app, deps);
  templateEndpoints(app, deps);
  consentEndpoints(app, deps);
  workspaceEndpoints(app, deps);
  assetEndpoints(app);
  overviewPage(app, deps);
  salesPage(app, deps);

  docsEndpoints(app);
  app.notFound(refuseUnknown(app));
  return app;
}
