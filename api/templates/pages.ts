import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { TendrilError } from '../../domain/errors.ts';
import { storable } from '../../domain/storable.ts';
import type { ApiDeps } from '../deps.ts';
import { requirePageAccess } from '../page-access.ts';
import { type Markup, page } from '../pages/layout.ts';
import { PREVIEW_POLICY, previewOf, type PreviewQuery } from './preview.ts';
import type { templateSchema } from './schema.ts';
import { shownTemplates } from './shown.ts';

type Shown = z.infer<typeof templateSchema>;

/** `/templates`, `/templates/{key}` and the mail's own HTML for its frame: every mail, as any lead would read it. */
export function templatePages(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'templates' | 'config'>): void {
  const { pool, templates, config } = deps;
  app.use('/templates', requirePageAccess(config));
  app.use('/templates/*', requirePageAccess(config));

  app.get('/templates', async (c) =>
    page(c, { title: 'Mails', kind: 'console', here: '/templates', body: listing(await shownTemplates(pool, templates)) }),
  );

  app.get('/templates/:key', async (c) => {
    const mail = (await shownTemplates(pool, templates)).find(({ key }) => key === c.req.param('key'));
    if (!mail) return page(c, { title: 'No such mail', kind: 'console', here: '/templates', body: nothing('There is no such mail') }, 404);
    const asked = queryOf(c);
    return page(c, { title: mail.key, kind: 'console', here: '/templates', body: await reading(mail, asked) });
  });

  app.get('/templates/:key/html', async (c) => {
    const { rendered } = await previewOf(deps, c.req.param('key'), queryOf(c));
    c.header('Content-Security-Policy', PREVIEW_POLICY);
    c.header('X-Frame-Options', 'SAMEORIGIN');
    return c.html(rendered.html.replace(/<head>/i, '<head><base target="_blank">'));
  });

  async function reading(mail: Shown, asked: PreviewQuery): Promise<Markup> {
    try {
      const { rendered, mail: variant, because } = await previewOf(deps, mail.key, asked);
      return shown(mail, asked, { ...rendered, file: variant.source.file, because });
    } catch (error) {
      if (!(error instanceof TendrilError)) throw error;
      return shown(mail, asked, { fault: error.message });
    }
  }
}

const clean = (text = '', longest = 320): string | undefined => storable(text.trim(), longest) || undefined;

function queryOf(c: Context): PreviewQuery {
  return { lead: clean(c.req.query('lead')), language: clean(c.req.query('language'), 35) };
}

const nothing = (words: string): Markup =>
  html`<section class="card pad stack">
    <h1>${words}</h1>
    <p><a href="/templates">All mails</a></p>
  </section>`;

function listing(mails: readonly Shown[]): Markup {
  return html`<div class="stack">
      <h1>Mails</h1>
      <p class="soft">What campaigns may send. <code>tendril push DIR</code> adds those of <code>DIR/templates</code>.</p>
    </div>
    <section class="card">
      <table class="fold">
        <thead>
          <tr>
            <th scope="col">Mail</th>
            <th scope="col">Languages</th>
            <th scope="col">Sent by</th>
          </tr>
        </thead>
        <tbody>
          ${mails.map(
            ({ key, variants, usedBy, own }) =>
              html`<tr>
                <td class="wide">
                  <a href="/templates/${key}"><strong>${key}</strong></a
                  ><br /><span class="soft">${variants[0]!.subject}</span>
                </td>
                <td>
                  ${variants.map(({ language }) => language ?? 'all').join(', ')}${own ? '' : html` <span class="soft">ships with Tendril</span>`}
                </td>
                <td class="soft">${usedBy.map(({ campaign, step }) => `${campaign}/${step}`).join(', ') || '–'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
}

type Outcome = { subject: string; text: string; file: string; because: string } | { fault: string };

function shown({ key, variants, params }: Shown, { lead, language }: PreviewQuery, outcome: Outcome): Markup {
  const query = new URLSearchParams({ ...(lead && { lead }), ...(language && { language }) }).toString();
  return html`<p><a href="/templates">Mails</a></p>
    <h1>${'fault' in outcome ? key : outcome.subject}</h1>
    <section class="card pad stack">
      <dl class="facts">
        <dt>Mail</dt>
        <dd>${key}${'fault' in outcome ? '' : `, from ${outcome.file} (${outcome.because})`}</dd>
        <dt>Needs</dt>
        <dd>${params.length === 0 ? 'nothing of its step' : params.map((name) => `params.${name}`).join(', ')}</dd>
      </dl>
      <form method="get" class="stack">
        <label>As it reads for <input name="lead" type="text" value="${lead ?? ''}" placeholder="address or id of a lead" /></label>
        ${
          variants.length > 1
            ? html`<label
                >In
                <select name="language">
                  <option value="">the lead’s language</option>
                  ${variants.map((one) => (one.language === null ? '' : html`<option ${one.language === language ? 'selected' : ''}>${one.language}</option>`))}
                </select></label
              >`
            : ''
        }
        <p><button>Show</button></p>
      </form>
    </section>
    ${
      'fault' in outcome
        ? html`<p class="notice" role="alert">${outcome.fault}</p>`
        : html`<section class="card">
              <header><h2>As it looks</h2></header>
              <iframe
                src="/templates/${key}/html?${query}"
                title="The mail as its reader sees it"
                sandbox="allow-popups allow-popups-to-escape-sandbox"
              ></iframe>
            </section>
            <section class="card">
              <header><h2>Text</h2></header>
              <pre class="pad">${outcome.text}</pre>
            </section>`
    }`;
}
