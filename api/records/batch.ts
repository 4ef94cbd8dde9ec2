import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { tellRecords } from '../../db/records.ts';
import { TendrilError } from '../../domain/errors.ts';
import { externalId, recordSchema } from '../../domain/records/record.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { recordKind } from './schema.ts';

const item = z.object({ kind: recordKind, externalId, record: recordSchema });

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/records',
  tags: ['Records'],
  summary: 'Tell many records at once',
  description: 'As PUT /v1/records/{kind}/{externalId}, up to 1,000 together: all of them, or none when one is at fault.',
  request: {
    body: { required: true, content: { 'application/json': { schema: z.strictObject({ items: z.array(item).min(1).max(1_000) }) } } },
  },
  responses: {
    200: {
      description: 'How many were new, and how many said something new',
      content: { 'application/json': { schema: z.object({ created: z.int(), changed: z.int(), unchanged: z.int() }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/records. */
export function recordBatchEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { items } = c.req.valid('json');
    const seen = new Map<string, number>();
    const twice = items.flatMap(({ kind, externalId: number }, i) => {
      const name = `${kind} ${number}`;
      if (seen.has(name)) return [{ path: `items.${i}`, reason: `is the same record as items.${seen.get(name)!}` }];
      seen.set(name, i);
      return [];
    });
    if (twice.length > 0) throw new TendrilError('invalid', 'A record stands twice in one batch', twice);
    const { results, loops } = await inTransaction(pool, (tx) => tellRecords(tx, items, (n) => `items.${n}.record.`));
    loops.forEach(poke);
    const created = results.filter((one) => one.created).length;
    const changed = results.filter((one) => one.changed).length - created;
    return c.json({ created, changed, unchanged: results.length - created - changed }, 200);
  });
}
