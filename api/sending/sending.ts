import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type Lane, readLanes, sendingStoppedAt, switchSending } from '../../db/lanes.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const laneSchema = z
  .object({
    key: z.string(),
    rate: z.number().nullable().openapi({ description: 'Mails per second of real time; null: as fast as it can' }),
    heldUntil: z.iso.datetime().nullable().openapi({ description: 'Real time: the mail server asked for a pause, or was not there' }),
    stoppedReason: z.string().nullable().openapi({ description: 'Why the lane waits for a person; resume it when that is mended' }),
  })
  .openapi('Lane');

const sendingSchema = z
  .object({
    stopped: z.boolean(),
    since: z.iso.datetime().nullable().openapi({ description: 'Workspace time' }),
    lanes: z.array(laneSchema),
  })
  .openapi('Sending');

const answer = { 200: { description: 'Whether mail leaves', content: { 'application/json': { schema: sendingSchema } } } };

const readRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sending',
  tags: ['Mail'],
  summary: 'Whether mail leaves, and the lanes it leaves by',
  responses: { ...answer, ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed') },
});

const switchRoute = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/sending',
  tags: ['Mail'],
  summary: 'The one switch: stop all sending, or let it go on',
  description: 'What is queued stays queued, and goes when sending goes on, unless its time has passed.',
  request: { body: { content: { 'application/json': { schema: z.strictObject({ stopped: z.boolean() }) } }, required: true } },
  responses: { ...answer, ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid') },
});

/** GET and POST /v1/sending. */
export function sendingEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  const shown = (since: Date | null, lanes: Lane[]): z.infer<typeof sendingSchema> => ({
    stopped: since !== null,
    since: since?.toISOString() ?? null,
    lanes: lanes.map((lane) => ({ ...lane, heldUntil: lane.heldUntil?.toISOString() ?? null })),
  });

  app.openapi(readRoute, async (c) => c.json(shown(await sendingStoppedAt(pool), await readLanes(pool)), 200));

  app.openapi(switchRoute, async (c) => {
    const since = await switchSending(pool, c.req.valid('json').stopped);
    const lanes = await readLanes(pool);
    for (const { key } of lanes) poke({ kind: 'delivery', lane: key });
    return c.json(shown(since, lanes), 200);
  });
}
