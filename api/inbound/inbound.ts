import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { inboundHook } from '../public/inbound/hook.ts';
import { originalEndpoint } from '../public/inbound/original.ts';
import { listInboundEndpoint } from './list.ts';
import { readInboundEndpoints } from './one.ts';
import { reviewInboundEndpoint } from './review.ts';

/** Mail that comes back: the hook it comes in by, what is kept of it, and the link to an answer as it came. */
export function inboundEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  inboundHook(app, deps);
  listInboundEndpoint(app, deps);
  readInboundEndpoints(app, deps);
  reviewInboundEndpoint(app, deps);
  originalEndpoint(app, deps);
}
