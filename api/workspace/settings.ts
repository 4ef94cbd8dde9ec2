import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeWorkspace, readWorkspace } from '../../db/workspace.ts';
import { zone } from '../../domain/calendar/zoned.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const text = (most: number) => z.string().trim().min(1).max(most);

const settings = {
  name: text(200).openapi({ description: 'The firm, as mails call it', example: 'Ostara Pumps' }),
  timezone: zone,
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is two capitals such as DE')
    .openapi({ description: 'ISO 3166-1; where numbers without a country code are from', example: 'DE' }),
  postalAddress: text(500)
    .nullable()
    .openapi({ description: 'What marketing must say in every mail', example: 'Kaistrasse 9, 24103 Kiel' }),
  personalMailsADay: z
    .int()
    .min(0)
    .max(10_000)
    .openapi({ description: 'Letters of sequences that a rep may send a day, where nothing else is said of them', example: 80 }),
};
const schema = z.object({ ...settings, timezone: z.string(), country: z.string() }).openapi('WorkspaceSettings');

const readRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/workspace',
  tags: ['Workspace'],
  summary: 'What the workspace says of itself',
  responses: {
    200: { description: 'Its settings', content: { 'application/json': { schema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

const putRoute = createRoute({
  ...secured('admin'),
  method: 'put',
  path: '/v1/workspace',
  tags: ['Workspace'],
  summary: 'Change what the workspace says of itself',
  description: 'What is not named stays as it is. Mails that leave from now on say it.',
  request: {
    body: { required: true, content: { 'application/json': { schema: z.strictObject(settings).partial().openapi('WorkspaceChange') } } },
  },
  responses: {
    200: { description: 'Its settings', content: { 'application/json': { schema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** GET /v1/workspace. */
export function readWorkspaceEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(readRoute, async (c) => c.json(await readWorkspace(pool), 200));
}

/** PUT /v1/workspace. */
export function putWorkspaceEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(putRoute, async (c) => c.json(await changeWorkspace(pool, c.req.valid('json')), 200));
}
