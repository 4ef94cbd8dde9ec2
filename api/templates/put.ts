import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { currentDocument } from '../../db/documents.ts';
import { inTransaction } from '../../db/pool.ts';
import { lockWorkspace, storeDocuments, workspaceDocuments } from '../../db/workspace-documents.ts';
import { TendrilError } from '../../domain/errors.ts';
import { planPush } from '../../domain/workspace/push.ts';
import { languageTag } from '../../messaging/template-files.ts';
import { mailsAfter } from '../../messaging/template-lint/campaign-mails.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { templateParam } from './schema.ts';

const warning = z.object({ path: z.string(), reason: z.string(), mend: z.string() });

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/templates/{key}',
  tags: ['Mail'],
  summary: 'Save a mail',
  description:
    'MJML with Handlebars below its front matter (templates/README.md). It is compiled and linted before it is stored: one with an error is refused, with the line. The very next mail is made from it; those that were sent stay as they are.',
  request: {
    params: templateParam,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              source: z.string().min(1).max(200_000),
              language: z.string().max(35).optional().openapi({ description: 'For a variant: `de`, `pt-BR`', example: 'de' }),
            })
            .openapi('NewTemplate'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'In force',
      content: {
        'application/json': {
          schema: z.object({ key: z.string(), language: z.string().nullable(), version: z.int(), warnings: z.array(warning) }),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/templates/{key}. */
export function putTemplateEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const { source, language: given } = c.req.valid('json');
    const language = given === undefined ? null : languageTag(given);
    if (given !== undefined && language === null)
      throw new TendrilError('invalid', `'${given}' is no language`, [{ path: 'language', reason: 'is no language such as de or pt-BR' }]);
    const file = language === null ? key : `${key}.${language}`;
    const saved = await inTransaction(pool, async (tx) => {
      await lockWorkspace(tx);
      await templates.refresh(tx);
      const document = { kind: 'template' as const, key: file, body: source };
      const { findings, changes } = planPush(await workspaceDocuments(tx), [document], await mailsAfter(templates, [document]));
      const own = findings.filter(({ kind, key: named }) => kind === 'template' && named === file);
      const errors = own.filter(({ level }) => level === 'error');
      if (errors.length > 0)
        throw new TendrilError('invalid', `The mail was not stored: ${errors[0]!.path || file}: ${errors[0]!.reason}`, errors);
      await storeDocuments(tx, [document], changes);
      const { version } = (await currentDocument(tx, 'template', file))!;
      const broken = findings.filter((one) => !own.includes(one)).map((one) => ({ ...one, path: `${one.kind}/${one.key}: ${one.path}` }));
      return { key, language, version, warnings: [...own, ...broken].map(({ path, reason, mend }) => ({ path, reason, mend })) };
    });
    return c.json(saved, 200);
  });
}
