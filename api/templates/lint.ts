import { setImmediate } from 'node:timers/promises';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { mailWorkspace } from '../../db/mails.ts';
import { workspaceDocuments } from '../../db/workspace-documents.ts';
import { vocabularyOf } from '../../domain/workspace/vocabulary.ts';
import { lintMail, readMail, type TemplateFinding } from '../../messaging/template-lint/lint.ts';
import { templateFileOf } from '../../messaging/template-lint/campaign-mails.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { documentSchema } from '../workspace/schema.ts';
import { templateFindingSchema } from './schema.ts';
import { mailsOfCampaigns } from './shown.ts';

const body = z
  .strictObject({
    documents: z.array(documentSchema).max(1_000).default([]).openapi({
      description: 'Mails, layouts and blocks to look at as if they were stored, and campaigns that send them; nothing is stored',
    }),
    key: z.string().max(100).optional().openapi({ description: 'Only this mail' }),
  })
  .openapi('TemplatesToLint');

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/templates/lint',
  tags: ['Mail'],
  summary: 'What is wrong with the mails',
  description:
    'Variables that may be missing, with file and line, for every step that sends the mail; links that lead nowhere, pictures without words, contrast in light and dark, size, subject, postal address, the way to unsubscribe.',
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: {
      description: 'Every finding; without an error they may be sent',
      content: {
        'application/json': {
          schema: z.object({
            ok: z.boolean(),
            looked: z.int().openapi({ description: 'How many mails were looked at, each variant counted' }),
            findings: z.array(templateFindingSchema),
            links: z
              .array(z.object({ url: z.string(), file: z.string(), line: z.int() }))
              .openapi({ description: 'Fixed links, for whoever wants to follow them' }),
          }),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/templates/lint. */
export function lintTemplatesEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { documents: given, key } = c.req.valid('json');
    await templates.refresh(pool);
    const files = given.flatMap((one) => templateFileOf(one) ?? []);
    const after = await templates.with(files);
    const stored = await workspaceDocuments(pool);
    const documents = [...new Map([...stored, ...given].map((one) => [`${one.kind}/${one.key}`, one])).values()];
    const known = vocabularyOf(stored);
    const used = mailsOfCampaigns(documents);
    const paths = new Set(files.map(({ path }) => path));
    const wanted = after
      .variants(key)
      .filter(({ source }) => paths.size === 0 || paths.has(source.file) || source.mjml.some(({ file }) => paths.has(file)));
    const found = new Map<string, TemplateFinding & { usedBy: string | null }>();
    const add = (one: TemplateFinding, usedBy: string | null) => {
      const id = [one.file, one.line, one.rule, one.variable, one.reason].join('\n');
      if (!found.has(id)) found.set(id, { ...one, usedBy });
    };
    for (const one of after.broken) if (paths.size === 0 || paths.has(one.file)) add(one, null);
    for (const mail of wanted) {
      // Each takes some 50 ms; others are waiting.
      await setImmediate();
      for (const one of lintMail(mail, after, null, known)) add(one, null);
      for (const use of used.filter(({ template }) => template === mail.source.key))
        for (const one of lintMail(mail, after, use, known)) add(one, `${use.campaign.key}/${use.stepId}`);
    }
    if ((await mailWorkspace(pool)).postalAddress === null && wanted.some(({ source }) => source.layout !== 'internal'))
      add(noAddress, null);
    const findings = [...found.values()];
    const links = wanted.flatMap((mail) => readMail(mail).links);
    return c.json({ ok: !findings.some(({ level }) => level === 'error'), looked: wanted.length, findings, links }, 200);
  });
}

const noAddress: TemplateFinding = {
  level: 'warning',
  file: 'workspace',
  line: null,
  rule: 'postal-address',
  variable: 'workspace.postalAddress',
  reason: 'the workspace has no postal address, which marketing must say',
  mend: 'tendril workspace set --postal-address "Street 1, 12345 Town"',
};
