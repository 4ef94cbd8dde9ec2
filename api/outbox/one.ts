import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import { problemResponses } from '../problem.ts';
import type { Outbox } from './captured.ts';
import { capturedSchema, shownCaptured } from './list.ts';
import { parseMail } from './parse.ts';

const whole = capturedSchema
  .extend({
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    html: z.string().nullable(),
    text: z.string().nullable(),
  })
  .openapi('CapturedMailWhole');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/outbox/{id}',
  tags: ['Mail'],
  summary: 'One captured mail: headers, HTML and text',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The mail', content: { 'application/json': { schema: whole } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/outbox/{id}. */
export function readOutboxEndpoint(app: OpenAPIHono, { read }: Outbox): void {
  app.openapi(route, async (c) => {
    const mail = await read(c.req.valid('param').id);
    if (!mail) throw new TendrilError('not_found', 'There is no such mail');
    return c.json({ ...shownCaptured(mail), ...(await parseMail(mail.raw)) }, 200);
  });
}
