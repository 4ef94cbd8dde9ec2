import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { requireSequence, saveSequence } from '../../db/sequences.ts';
import { secured } from '../auth.ts';
import { documentBody, readDocument } from '../campaigns/document-body.ts';
import { findingSchema, shownCampaign } from '../campaigns/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireSound } from './linting.ts';
import { sequenceSchema } from './schema.ts';

const saved = sequenceSchema
  .extend({
    version: z.int().openapi({ description: 'The number of the version that says this' }),
    warnings: z.array(findingSchema),
  })
  .openapi('SavedSequence');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/sequences',
  tags: ['Sequences'],
  summary: 'Save a sequence document as a new version',
  description:
    'Versions are immutable, and runs stay on theirs; those that begin from now on take this one. The same document again makes no new version.',
  request: { body: documentBody },
  responses: {
    200: { description: 'The newest version says this already', content: { 'application/json': { schema: saved } } },
    201: { description: 'Saved as a new version', content: { 'application/json': { schema: saved } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/sequences. */
export function saveSequenceEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { sequence, warnings } = await requireSound(pool, templates, await readDocument(c));
    const { version, row } = await inTransaction(pool, async (tx) => ({
      version: await saveSequence(tx, sequence),
      row: await requireSequence(tx, sequence.key),
    }));
    return c.json({ ...shownCampaign(row), version: version.number, warnings }, version.added ? 201 : 200);
  });
}
