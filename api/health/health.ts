import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { TendrilError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const ok = z.object({ status: z.literal('ok') });
const answer = (description: string) => ({ description, content: { 'application/json': { schema: ok } } });

const alive = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Operation'],
  summary: 'The process runs',
  responses: { 200: answer('It does'), ...problemResponses() },
});

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Operation'],
  summary: 'Postgres and Temporal answer',
  description: 'Forms and events are taken while Temporal is down; send traffic by /healthz, and watch this one.',
  responses: { 200: answer('Both do'), ...problemResponses() },
});

const PATIENCE = 2_000;

/** GET /healthz and /readyz. */
export function healthEndpoints(app: OpenAPIHono, { pool, temporalReachable }: Pick<ApiDeps, 'pool' | 'temporalReachable'>): void {
  app.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200));

  app.openapi(ready, async (c) => {
    const [postgres, temporal] = await Promise.all([inTime(pool.query('select 1').then(() => true)), inTime(temporalReachable())]);
    const down = [...(postgres ? [] : ['Postgres']), ...(temporal ? [] : ['Temporal'])];
    if (down.length > 0) throw new TendrilError('unavailable', `Not reachable: ${down.join(', ')}`);
    return c.json({ status: 'ok' as const }, 200);
  });
}

/** What is asked, or false when it fails or takes too long. */
async function inTime(asked: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE)));
  return Promise.race([asked.catch(() => false), late]).finally(() => clearTimeout(timer));
}
