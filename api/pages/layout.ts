import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { pageVersion } from './assets.ts';

/** Markup that is already escaped: what `html\`…\`` of hono/html gives. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Page {
  title: string;
  body: Markup;
  /** `console`: wide, with the navigation of those who run the workspace. `letter`: one quiet card, for people outside (unsubscribe, accept). */
  kind: 'console' | 'letter';
  /** Path of the navigation entry the page belongs to. */
  here?: string;
  /** More links of the navigation, e.g. Temporal's own page. */
  links?: readonly { href: string; label: string }[];
  /** Regions of the page with an `id` and `data-live` are fetched again that often. */
  refreshSeconds?: number;
}

const nav = [
  { href: '/', label: 'Overview' },
  { href: '/sales', label: 'Sales' },
  { href: '/outbox', label: 'Outbox' },
  { href: '/templates', label: 'Mails' },
  { href: '/deliverability', label: 'Delivery' },
  { href: '/docs', label: 'API' },
];

/** One server-rendered page: style, navigation, light and dark, phone width. Styles and scripts come from our own files only. */
export function page(
  c: Context,
  { title, body, kind, here, links = [], refreshSeconds }: Page,
  status: 200 | 400 | 404 | 409 | 410 | 422 = 200,
): Response | Promise<Response> {
  c.header('Content-Security-Policy', policy);
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'no-referrer');
  const entry = (link: { href: string; label: string }): Markup =>
    html`<a href="${link.href}" ${link.href === here ? raw('aria-current="page"') : ''}>${link.label}</a>`;
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex" />
          <title>${title}</title>
          <link rel="icon" href="/assets/mark.svg" />
          <link rel="stylesheet" href="/assets/pages.css?${pageVersion}" />
          ${refreshSeconds ? html`<script defer src="/assets/refresh.js?${pageVersion}" data-seconds="${refreshSeconds}"></script>` : ''}
        </head>
        <body class="${kind}">
          ${
            kind === 'console'
              ? html`<header class="top">
                  <a class="brand" href="/"><img src="/assets/mark.svg" alt="" width="22" height="22" />Tendril</a>
                  <nav aria-label="Pages">${nav.map(entry)}${links.map(entry)}</nav>
                </header>`
              : ''
          }
          <main>${body}</main>
        </body>
      </html>`,
    status,
  );
}

/** Our own styles, scripts and pictures, forms to ourselves, nothing else; a mail is shown in a sandboxed frame. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
