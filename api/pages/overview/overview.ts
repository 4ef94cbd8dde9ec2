import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { readOverview } from '../../../db/overview.ts';
import type { ApiDeps } from '../../deps.ts';
import { requirePageAccess } from '../../page-access.ts';
import { page } from '../layout.ts';
import { alertNotice, campaignCard, clockLine, figures, leadsTable, opportunitiesTable, reviewsTable } from './parts.ts';

const REFRESH_SECONDS = 4;

/** GET /: the workspace at a glance. Open on a person's own machine, behind the admin key in production. */
export function overviewPage(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  app.get('/', requirePageAccess(config), async (c) => {
    const { workspace, alerts, campaigns, leads, opportunities, reviews } = await readOverview(pool);
    const { now } = workspace;
    const simulated = workspace.demo && config.TENDRIL_DEMO_TRAFFIC && config.TENDRIL_ENV !== 'production';
    const body = html`
      <section class="stack" id="state" data-live>
        <div class="headline">
          <h1>${workspace.name}</h1>
          ${clockLine(workspace)}
        </div>
        ${
          workspace.demo
            ? html`<p class="notice">
                <strong>Demonstration.</strong> ${workspace.name} is an invented
                firm${
                  simulated
                    ? html`, and its traffic is simulated: for some minutes after each start made-up visitors post forms, look at pages and
                      click in their mails, and one rep leaves a lead lying.`
                    : '.'
                }
              </p>`
            : ''
        }
        ${
          workspace.sendingStoppedAt
            ? html`<p class="notice bad" role="status">
                <strong>All sending is stopped.</strong> Nothing is lost: what is due waits. Start it again with
                <code>tendril sending start</code>.
              </p>`
            : ''
        }
        ${alerts.map((alert) => alertNotice(alert, now))} ${figures(workspace)}
      </section>

      <div class="pair">
        <div class="stack">
          <section class="card" aria-labelledby="with-sales">
            <header>
              <h2 id="with-sales">With sales</h2>
              <p>the most pressing first · <a href="/sales">all figures</a></p>
            </header>
            <div id="opportunities" data-live>${opportunitiesTable(opportunities, now)}</div>
          </section>
          <section class="card" aria-labelledby="to-review">
            <header>
              <h2 id="to-review">Waiting for a person</h2>
              <p>forms we could not make a lead of</p>
            </header>
            <div id="reviews" data-live>${reviewsTable(reviews, now)}</div>
          </section>
        </div>
        <section class="card" aria-labelledby="latest">
          <header>
            <h2 id="latest">Latest leads</h2>
            <p>fit × engagement</p>
          </header>
          <div id="leads" data-live>${leadsTable(leads, now)}</div>
        </section>
      </div>

      <section class="stack" aria-labelledby="under-way">
        <h2 id="under-way">Campaigns</h2>
        <div id="campaigns" class="campaigns" data-live>
          ${campaigns.length === 0 ? html`<p class="card empty">No campaign is live. Launch one with <code>tendril campaign launch FILE</code>.</p>` : campaigns.map(campaignCard)}
        </div>
      </section>
    `;
    const links = config.TEMPORAL_UI_URL
      ? [{ href: `${config.TEMPORAL_UI_URL}/namespaces/${config.TEMPORAL_NAMESPACE}/workflows`, label: 'Temporal' }]
      : [];
    return page(c, { title: `${workspace.name} · Tendril`, kind: 'console', here: '/', links, refreshSeconds: REFRESH_SECONDS, body });
  });
}
