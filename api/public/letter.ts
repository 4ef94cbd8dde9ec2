import type { Context } from 'hono';
import { html } from 'hono/html';
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import { type ErrorCode, TendrilError } from '../../domain/errors.ts';
import { storable } from '../../domain/storable.ts';
import { type Markup, page } from '../pages/layout.ts';
import { problemResponses } from '../problem.ts';

/** What a page for people outside may be answered with. */
export type LetterStatus = 200 | 404 | 409 | 410 | 422;

/** A route's response that is a page. */
export const pageResponse = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });

type Responses = RouteConfig['responses'];

/** What the routes of a signed link say of themselves. */
interface LinkSays {
  shows: string;
  acts: string;
  /** What the page's buttons send. */
  form: string;
  /** What both may answer besides that which every link does, and what POST alone may. */
  pages?: Responses;
  done?: Responses;
}

/** The routes of a signed link: GET shows its page and changes nothing, POST is the page's buttons. */
export function linkRoutes<Path extends string>(path: Path, { shows, acts, form, pages = {}, done = {} }: LinkSays) {
  const link = { path, tags: ['Links in mails'], request: { params: z.object({ token: z.string() }) } };
  const responses: Responses = {
    200: pageResponse('A page'),
    ...problemResponses(),
    404: pageResponse('A page that says the link is not one of ours'),
    ...pages,
  };
  return {
    showRoute: createRoute({ ...link, method: 'get', summary: shows, responses }),
    actRoute: createRoute({ ...link, method: 'post', summary: acts, description: form, responses: { ...responses, ...done } }),
  };
}

/** One quiet card: the page of a link in a mail. */
export function letter(c: Context, title: string, body: Markup, status: LetterStatus = 200): Response | Promise<Response> {
  return page(c, { title, kind: 'letter', body: html`<section class="card pad stack">${body}</section>` }, status);
}

/** A card that only says something: it is done, or why it cannot be. */
export function saying(c: Context, title: string, words: Markup | string, status: LetterStatus = 200): Response | Promise<Response> {
  return letter(
    c,
    title,
    html`<h1>${title}</h1>
      <p>${words}</p>`,
    status,
  );
}

/** Labelled facts; those that are not known are left out. */
export function factsOf(rows: readonly (readonly [label: string, value: string | null])[]): Markup {
  const known = rows.filter(([, value]) => value);
  return html`<dl class="facts">
    ${known.map(
      ([label, value]) =>
        html`<dt>${label}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** How a refusal is told on a page: the title, and the words made of the error's own. */
export type Refusals = Partial<Record<ErrorCode, { status: LetterStatus; title: string; words(message: string): string }>>;

/** People read these: what cannot be done is a page that says so, not problem+json. What `refusals` does not name stays an error. */
export async function answered(c: Context, refusals: Refusals, act: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    const refusal = error instanceof TendrilError ? (refusals[error.code] ?? everywhere[error.code]) : undefined;
    if (!refusal) throw error;
    return saying(c, refusal.title, refusal.words((error as TendrilError).message), refusal.status);
  }
}

const everywhere: Refusals = {
  not_found: {
    status: 404,
    title: 'We do not recognise this link',
    words: () => 'It may have been cut off on its way. Please open it from the mail itself.',
  },
  conflict: { status: 409, title: 'This has been settled', words: (message) => `${message}.` },
};

/** The longest text a field of such a page may hold, in characters; the rest is cut off. */
const LONGEST = 2_000;

/**
 * Reads the form of such a page: a field's text, trimmed and storable; empty where it was not filled in,
 * or not sent at all.
 */
export async function postedForm(c: Context, longest = LONGEST): Promise<(field: string) => string> {
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  return (field) => {
    const value = body[field];
    return typeof value === 'string' ? storable(value.trim(), longest) : '';
  };
}
