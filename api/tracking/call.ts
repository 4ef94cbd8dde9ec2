import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { CallType } from '../../domain/tracking/call.ts';
import { callSchema, readCall } from '../../domain/tracking/schema.ts';
import { type ReceiveDeps, documentedBody, receive, responses } from './receive.ts';

const calls: { type: CallType; summary: string; required: string[] }[] = [
  { type: 'track', summary: 'Somebody did something', required: ['event'] },
  { type: 'identify', summary: 'Who somebody is: their traits, by user id', required: [] },
  { type: 'group', summary: "Somebody's company, with its traits", required: ['groupId'] },
  { type: 'page', summary: 'Somebody looked at a page', required: [] },
  { type: 'screen', summary: "Somebody looked at an app's screen; kept as a page", required: [] },
  { type: 'alias', summary: 'Two ids of somebody are one person', required: ['previousId', 'userId'] },
];

/** POST /v1/track, /v1/identify, /v1/group, /v1/page, /v1/screen and /v1/alias: Segment's calls, one at a time. */
export function callEndpoints(app: OpenAPIHono, deps: ReceiveDeps): void {
  for (const { type, summary, required } of calls) {
    const route = createRoute({
      security: [{ basic: [] }, { bearer: [] }],
      method: 'post',
      path: `/v1/${type}`,
      tags: ['Tracking'],
      summary,
      description: 'In the shape of Segment. The key may stand in the body as `writeKey`. A `messageId` that was seen is not stored again.',
      request: { body: documentedBody(callSchema, required) },
      responses,
    });
    app.openapi(route, async (c) => c.json(await receive(c, deps, (body, now) => [readCall(type, body, now)]), 200));
  }
}
