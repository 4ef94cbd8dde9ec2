import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { appointmentsEndpoint } from './appointments.ts';
import { archiveCampaignEndpoint } from './archive.ts';
import { dryRunEndpoint } from './dry-run.ts';
import { enrolEndpoint } from './enrol.ts';
import { enrolmentsEndpoint } from './enrolments.ts';
import { getCampaignEndpoint } from './get.ts';
import { holdoutEndpoint } from './holdout.ts';
import { launchCampaignEndpoint } from './launch.ts';
import { lintCampaignEndpoint } from './lint.ts';
import { listCampaignsEndpoint } from './list.ts';
import { migrateEndpoint } from './migrate.ts';
import { pauseCampaignEndpoint } from './pause.ts';
import { resumeCampaignEndpoint } from './resume.ts';
import { saveCampaignEndpoint } from './save.ts';
import { splitsEndpoint } from './splits.ts';
import { stepPauseEndpoints } from './step-pause.ts';
import { testSendEndpoint } from './test.ts';
import { whyNotEndpoint } from './why-not.ts';

/** Everything under /v1/campaigns. */
export function campaignEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'templates'>): void {
  lintCampaignEndpoint(app, deps);
  saveCampaignEndpoint(app, deps);
  listCampaignsEndpoint(app, deps);
  getCampaignEndpoint(app, deps);
  launchCampaignEndpoint(app, deps);
  pauseCampaignEndpoint(app, deps);
  resumeCampaignEndpoint(app, deps);
  archiveCampaignEndpoint(app, deps);
  stepPauseEndpoints(app, deps);
  holdoutEndpoint(app, deps);
  splitsEndpoint(app, deps);
  enrolEndpoint(app, deps);
  enrolmentsEndpoint(app, deps);
  appointmentsEndpoint(app, deps);
  dryRunEndpoint(app, deps);
  migrateEndpoint(app, deps);
  testSendEndpoint(app, deps);
  whyNotEndpoint(app, deps);
}
