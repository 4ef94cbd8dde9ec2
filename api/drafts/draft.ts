import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { editDraft, requireDraft, sendDraft, skipDraft } from '../../db/drafts.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import type { Loop } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { draftEdit, draftId, draftSchema, shownDraft } from './schema.ts';

const answers = {
  200: { description: 'The draft, as it stands now', content: { 'application/json': { schema: draftSchema } } },
  ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
};
const edited = {
  ...answers,
  ...problemResponses('unsupported_media_type', 'not_found', 'conflict', 'invalid', 'unauthorized', 'forbidden', 'origin_not_allowed'),
};
const editBody = { content: { 'application/json': { schema: draftEdit } }, required: true };

const getRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/drafts/{id}',
  tags: ['Sequences'],
  summary: 'One draft',
  request: { params: draftId },
  responses: { 200: answers[200], ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid') },
});

const patchRoute = createRoute({
  ...secured('write'),
  method: 'patch',
  path: '/v1/drafts/{id}',
  tags: ['Sequences'],
  summary: 'Edit a draft',
  description: 'What is not named stays as it is.',
  request: { params: draftId, body: editBody },
  responses: edited,
});

const sendRoute = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/drafts/{id}/send',
  tags: ['Sequences'],
  summary: 'Send a draft as it stands, once',
  description:
    'What the body says is written first. It leaves within the reader’s window and the rep’s limit a day, unless what ends the run has happened. Works while Temporal is down.',
  request: { params: draftId, body: editBody },
  responses: edited,
});

const skipRoute = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/drafts/{id}/skip',
  tags: ['Sequences'],
  summary: 'Do not send it; the run goes on',
  request: { params: draftId },
  responses: answers,
});

/** GET and PATCH /v1/drafts/{id}, send and skip. */
export function draftEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  const act = async (id: string, change: (tx: Queryable) => Promise<Loop[]>) => {
    (await inTransaction(pool, change)).forEach(poke);
    return shownDraft(await requireDraft(pool, id));
  };
  app.openapi(getRoute, async (c) => c.json(shownDraft(await requireDraft(pool, c.req.valid('param').id)), 200));
  app.openapi(patchRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await act(id, (tx) => editDraft(tx, id, c.req.valid('json')).then(() => [])), 200);
  });
  app.openapi(sendRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await act(id, (tx) => sendDraft(tx, id, c.req.valid('json'))), 200);
  });
  app.openapi(skipRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await act(id, (tx) => skipDraft(tx, id)), 200);
  });
}
