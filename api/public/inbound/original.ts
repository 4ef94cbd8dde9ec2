import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readRaw } from '../../../db/inbound/read.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { OriginalLink } from '../../../messaging/reply-mail.ts';
import type { ApiDeps } from '../../deps.ts';
import { asItCame, rawResponse } from '../../inbound/raw.ts';
import { problemResponses } from '../../problem.ts';
import { answered, pageResponse } from '../letter.ts';

const route = createRoute({
  method: 'get',
  path: '/original/{token}',
  tags: ['Links in mails'],
  summary: 'An answer as it came, attachments and all: the link in the mail that brings it to its owner',
  request: { params: z.object({ token: z.string().max(2_000) }) },
  responses: {
    200: rawResponse,
    ...problemResponses('invalid'),
    404: pageResponse('A page that says the link is not one of ours, or the mail is no longer kept'),
  },
});

/** GET /original/{token}. */
export function originalEndpoint(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  app.openapi(route, async (c) =>
    answered(c, {}, async () => {
      const { i: id } = verifyLink<OriginalLink>(config.TENDRIL_SECRET!, 'original', c.req.valid('param').token, new Date(0));
      return asItCame(c, id, await readRaw(pool, id));
    }),
  );
}
