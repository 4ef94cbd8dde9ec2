import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { lockWorkspace, storeDocuments, workspaceDocuments } from '../../db/workspace-documents.ts';
import { TendrilError } from '../../domain/errors.ts';
import { planPush } from '../../domain/workspace/push.ts';
import { mailsAfter } from '../../messaging/template-lint/campaign-mails.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { documentSchema, pushedSchema } from './schema.ts';

const body = z
  .strictObject({
    documents: z.array(documentSchema).max(1_000),
    dryRun: z.boolean().default(false).openapi({ description: 'Say what would change and what is wrong; store nothing' }),
  })
  .openapi('DocumentsToPush');

const route = createRoute({
  ...secured('admin'),
  method: 'put',
  path: '/v1/workspace/documents',
  tags: ['Workspace'],
  summary: 'Store many documents at once, or none',
  description:
    'All are linted first, against the workspace as it would be afterwards, so they may name each other. With one error nothing is stored. ' +
    'Documents that are not named stay as they are; a campaign becomes a new version, which takes newcomers once it is launched.',
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: {
      description: 'Stored (or, for a dry run, looked at): what has changed',
      content: { 'application/json': { schema: pushedSchema } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/workspace/documents. */
export function pushDocumentsEndpoint(app: OpenAPIHono, { pool, templates, poke }: Pick<ApiDeps, 'pool' | 'templates' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { documents, dryRun } = c.req.valid('json');
    const twice = documents.find((one, i) => documents.some((other, j) => j < i && other.kind === one.kind && other.key === one.key));
    if (twice) throw new TendrilError('invalid', `${twice.kind} '${twice.key}' stands twice among the documents`);
    const { plan, loops } = await inTransaction(pool, async (tx) => {
      if (!dryRun) await lockWorkspace(tx);
      await templates.refresh(tx);
      const plan = planPush(await workspaceDocuments(tx), documents, await mailsAfter(templates, documents));
      if (dryRun) return { plan, loops: [] };
      if (!plan.ok) throw refusal(plan.findings.filter((one) => one.level === 'error'));
      return { plan, loops: await storeDocuments(tx, documents, plan.changes) };
    });
    loops.forEach(poke);
    return c.json({ ...plan, stored: !dryRun }, 200);
  });
}

function refusal(errors: readonly { kind: string; key: string; path: string; reason: string; mend: string }[]): TendrilError {
  const issues = errors.map(({ kind, key, path, reason, mend }) => ({ path: `${kind}/${key}: ${path}`, reason, mend }));
  return new TendrilError(
    'invalid',
    `Nothing was stored: there ${errors.length === 1 ? 'is an error' : `are ${errors.length} errors`}`,
    issues,
  );
}
