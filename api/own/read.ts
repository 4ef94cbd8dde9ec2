import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { findOwn, listOwn, ownTasks } from '../../db/own.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { opportunityId } from '../opportunities/schema.ts';
import { problemResponses } from '../problem.ts';
import { named, ownOpportunity, shownOwn, whoseOf } from './schema.ts';

const errors = problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid');
const about = 'With a key of the scope own: what belongs to its rep, or to the people of its partner firm, and nothing else.';

const list = createRoute({
  ...secured('own'),
  method: 'get',
  path: '/v1/own/opportunities',
  tags: ['Own'],
  summary: 'My opportunities, newest first',
  description: about,
  request: { query: z.object({ open: z.enum(['true', 'false']).optional(), ...pageQuery }) },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(ownOpportunity), nextCursor }) } } },
    ...errors,
  },
});

const get = createRoute({
  ...secured('own'),
  method: 'get',
  path: '/v1/own/opportunities/{id}',
  tags: ['Own'],
  summary: 'One of my opportunities',
  description: about,
  request: { params: opportunityId },
  responses: {
    200: { description: 'The opportunity', content: { 'application/json': { schema: ownOpportunity } } },
    ...errors,
    ...problemResponses('not_found'),
  },
});

const text = z.string().nullable();
const task = z
  .object({
    id: z.uuid(),
    title: z.string(),
    details: text,
    owner: named,
    opportunity: z.uuid().nullable(),
    person: z.object({ name: text, email: text, phone: text, company: text }).nullable(),
    dueAt: z.iso.datetime(),
  })
  .openapi('OwnTask');

const tasks = createRoute({
  ...secured('own'),
  method: 'get',
  path: '/v1/own/tasks',
  tags: ['Own'],
  summary: 'My open tasks, soonest due first',
  description: about,
  responses: {
    200: { description: 'The first 500', content: { 'application/json': { schema: z.object({ items: z.array(task) }) } } },
    ...errors,
  },
});

/** GET /v1/own/opportunities, /v1/own/opportunities/{id} and /v1/own/tasks. */
export function readOwnEndpoints(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(list, async (c) => {
    const { limit, cursor, open } = c.req.valid('query');
    const page = await listOwn(pool, whoseOf(c), open === undefined ? null : open === 'true', limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownOwn), nextCursor: page.nextCursor }, 200);
  });

  app.openapi(get, async (c) => {
    const found = await findOwn(pool, whoseOf(c), c.req.valid('param').id);
    if (!found) throw new TendrilError('not_found', 'There is no such opportunity of yours');
    return c.json(shownOwn(found), 200);
  });

  app.openapi(tasks, async (c) => {
    const items = await ownTasks(pool, whoseOf(c));
    return c.json({ items: items.map(({ dueAt, ...one }) => ({ ...one, dueAt: dueAt.toISOString() })) }, 200);
  });
}
