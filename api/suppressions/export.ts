import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { Readable } from 'node:stream';
import { type ExportedSuppression, exportSuppressions } from '../../db/suppression-list.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { csvLine } from './csv.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/suppressions/export',
  tags: ['Mail'],
  summary: 'Every address that is not mailed, as a CSV file',
  description: 'By address, however many: it is read and written some thousand at a time. POST /v1/suppressions/import takes it back.',
  responses: {
    200: { description: 'address, kind, scope, source, at', content: { 'text/csv': { schema: z.string() } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/suppressions/export. */
export function exportSuppressionsEndpoint(app: OpenAPIHono, { pool, log }: Pick<ApiDeps, 'pool' | 'log'>): void {
  async function* lines(): AsyncGenerator<Buffer> {
    yield Buffer.from(csvLine(['address', 'kind', 'scope', 'source', 'at']));
    for await (const chunk of exportSuppressions(pool)) yield Buffer.from(chunk.map(lineOf).join(''));
  }

  app.openapi(route, (c) => {
    c.header('Content-Disposition', 'attachment; filename="suppressions.csv"');
    c.header('Content-Type', 'text/csv; charset=utf-8');
    const file = Readable.from(lines()).on('error', (error) => log.error({ err: error }, 'an export of suppressions broke off'));
    return c.body(Readable.toWeb(file) as ReadableStream, 200) as never;
  });
}

function lineOf({ address, kind, scope, source, at }: ExportedSuppression): string {
  return csvLine([address, kind, scope, source, at.toISOString()]);
}
