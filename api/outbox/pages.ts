import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { CapturedMail } from '../../db/captured-mail.ts';
import { readCursor } from '../../db/keyset.ts';
import { mailWorkspace } from '../../db/mails.ts';
import { storable } from '../../domain/storable.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { ApiDeps } from '../deps.ts';
import { requirePageAccess } from '../page-access.ts';
import { type Markup, page } from '../pages/layout.ts';
import type { Outbox } from './captured.ts';
import { type ParsedMail, parseMail } from './parse.ts';

const PAGE = 50;

/** A captured mail must not run, load, send or frame anything; pictures of its own may show. */
const mailPolicy =
  "default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** `/outbox`, `/outbox/{id}` and the mail's own HTML for its frame: what the capture transport received, to read as its addressee would. */
export function outboxPages(app: OpenAPIHono, { pool, config, outbox }: Pick<ApiDeps, 'pool' | 'config'> & { outbox: Outbox }): void {
  app.use('/outbox', requirePageAccess(config));
  app.use('/outbox/*', requirePageAccess(config));

  app.get('/outbox', async (c) => {
    const to =
      storable(c.req.query('to') ?? '')
        .trim()
        .toLowerCase() || null;
    const cursor = c.req.query('cursor');
    const [{ timezone }, { items, nextCursor }] = await Promise.all([
      mailWorkspace(pool),
      outbox.list({ to, limit: PAGE, from: readCursor(cursor) }),
    ]);
    return page(c, {
      title: 'Outbox',
      kind: 'console',
      here: '/outbox',
      body: listing({ items, to, timezone, nextCursor }),
      ...(cursor === undefined && { refreshSeconds: 3 }),
    });
  });

  app.get('/outbox/:id', async (c) => {
    const mail = await find(c.req.param('id'));
    if (!mail) return missing(c);
    const { timezone } = await mailWorkspace(pool);
    return page(c, {
      title: mail.subject ?? 'A mail',
      kind: 'console',
      here: '/outbox',
      body: reading(mail, await parseMail(mail.raw), timezone),
    });
  });

  app.get('/outbox/:id/html', async (c) => {
    const mail = await find(c.req.param('id'));
    if (!mail) return missing(c);
    c.header('Content-Security-Policy', mailPolicy);
    c.header('X-Frame-Options', 'SAMEORIGIN');
    // Links of the mail open beside the Outbox, not in its frame.
    // Whoever looks here is not the reader: the picture that tells of an open stays out.
    const unopened = ((await parseMail(mail.raw)).html ?? '').replace(/<img src="[^"]*\/i\/[\w-]{33}\.gif"[^>]*>/g, '');
    return c.html(unopened.replace(/<head>/i, '<head><base target="_blank">'));
  });

  async function find(id: string): ReturnType<Outbox['read']> {
    return isUuid(id) ? outbox.read(id) : null;
  }
}

function missing(c: Context): Response | Promise<Response> {
  const body = html`<section class="card pad stack">
    <h1>There is no such mail</h1>
    <p><a href="/outbox">Back to the Outbox</a></p>
  </section>`;
  return page(c, { title: 'No such mail', kind: 'console', here: '/outbox', body }, 404);
}

function listing({
  items,
  to,
  timezone,
  nextCursor,
}: {
  items: CapturedMail[];
  to: string | null;
  timezone: string;
  nextCursor: string | null;
}): Markup {
  return html`<div class="stack">
      <h1>Outbox</h1>
      <p class="soft">Mail as it left, kept here and delivered to nobody. Times are the workspace's own (${timezone}).</p>
    </div>
    ${to === null ? '' : html`<p class="notice">Only mail to ${to}. <a href="/outbox">Show all</a></p>`}
    <section class="card" id="mails" data-live>
      ${
        items.length === 0
          ? html`<p class="empty">Nothing has been sent yet. When something is, it shows here by itself.</p>`
          : html`<table class="fold">
              <thead>
                <tr>
                  <th scope="col">Subject</th>
                  <th scope="col">To</th>
                  <th scope="col" class="num">When</th>
                </tr>
              </thead>
              <tbody>
                ${items.map((mail) => row(mail, timezone))}
              </tbody>
            </table>`
      }
    </section>
    ${nextCursor === null ? '' : html`<p><a href="/outbox?${new URLSearchParams({ ...(to && { to }), cursor: nextCursor }).toString()}">Older</a></p>`}`;
}

function row({ id, to, subject, at }: CapturedMail, timezone: string): Markup {
  return html`<tr>
    <td class="wide">
      <a href="/outbox/${id}"><strong>${subject || '(no subject)'}</strong></a>
    </td>
    <td><a href="/outbox?${new URLSearchParams({ to }).toString()}">${to}</a></td>
    <td class="num soft">${when(at, timezone)}</td>
  </tr>`;
}

function reading(mail: CapturedMail, { headers, html: body, text }: ParsedMail, timezone: string): Markup {
  return html`<p><a href="/outbox">Outbox</a></p>
    <h1>${mail.subject || '(no subject)'}</h1>
    <section class="card pad">
      <dl class="facts">
        <dt>From</dt>
        <dd>${headers.find(({ name }) => name.toLowerCase() === 'from')?.value ?? mail.from}</dd>
        <dt>To</dt>
        <dd>${mail.to}</dd>
        <dt>When</dt>
        <dd>${when(mail.at, timezone)}</dd>
      </dl>
    </section>
    ${
      body === null
        ? ''
        : html`<section class="card">
            <header><h2>As it looks</h2></header>
            <iframe
              src="/outbox/${mail.id}/html"
              title="The mail as its reader sees it"
              sandbox="allow-popups allow-popups-to-escape-sandbox"
            ></iframe>
          </section>`
    }
    <section class="card">
      <header><h2>Text</h2></header>
      <pre class="pad">${text ?? ''}</pre>
    </section>
    <section class="card">
      <header><h2>Headers</h2></header>
      <pre class="pad">${headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}</pre>
    </section>`;
}

function when(at: Date, timeZone: string): string {
  return at.toLocaleString('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}
