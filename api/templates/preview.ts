import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { mailWorkspace } from '../../db/mails.ts';
import type { Queryable } from '../../db/pool.ts';
import { loadReaders } from '../../db/readers.ts';
import { workspaceDocuments } from '../../db/workspace-documents.ts';
import { TendrilError } from '../../domain/errors.ts';
import { parseMailbox } from '../../messaging/message.ts';
import { preview } from '../../messaging/preview.ts';
import type { CompiledMail } from '../../messaging/compile-mail.ts';
import type { RenderedMail, Templates } from '../../messaging/templates.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { problemResponses } from '../problem.ts';
import { templateParam } from './schema.ts';
import { mailsOfCampaigns, requireMail } from './shown.ts';

const query = z.object({
  lead: z.string().max(320).optional().openapi({ description: 'Address or id of the lead it is written for; left out: somebody invented' }),
  email: z.string().max(320).optional().openapi({ description: 'The same, by address' }),
  language: z.string().max(35).optional().openapi({ description: 'The variant for this language, whatever the lead’s' }),
  campaign: z.string().max(100).optional().openapi({ description: 'Whose step gives it its params; left out: the first that sends it' }),
  format: z.enum(['json', 'html', 'text']).default('json'),
});

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/templates/{key}/preview',
  tags: ['Mail'],
  summary: 'A mail as it would read for a lead',
  description: 'Links lead where their author meant them to; nothing is sent, stored or counted.',
  request: { params: templateParam, query },
  responses: {
    200: {
      description: 'The mail',
      content: {
        'application/json': {
          schema: z
            .object({
              subject: z.string(),
              html: z.string(),
              text: z.string(),
              file: z.string().openapi({ description: 'Which variant it is' }),
              language: z.string().nullable(),
              because: z.string().openapi({ description: 'Why this variant' }),
            })
            .openapi('TemplatePreview'),
        },
        'text/html': { schema: z.string() },
        'text/plain': { schema: z.string() },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** A previewed mail must not run, load, send or frame anything; pictures may show. */
export const PREVIEW_POLICY =
  "default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

export type PreviewQuery = Omit<z.infer<typeof query>, 'format'>;

/** GET /v1/templates/{key}/preview. */
export function previewTemplateEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'templates' | 'config'>): void {
  app.openapi(route, async (c) => {
    const { format, ...wanted } = c.req.valid('query');
    const { rendered, mail, because } = await previewOf(deps, c.req.valid('param').key, wanted);
    if (format === 'html') {
      c.header('Content-Security-Policy', PREVIEW_POLICY);
      return c.html(rendered.html, 200);
    }
    if (format === 'text') return c.text(rendered.text, 200);
    return c.json({ ...rendered, file: mail.source.file, language: mail.source.language, because }, 200);
  });
}

/** The mail for whom it is wanted. Throws `not_found` for a mail, lead or campaign that is not there, `invalid` where a variable has no value. */
export async function previewOf(
  { pool, templates, config }: Pick<ApiDeps, 'pool' | 'templates' | 'config'>,
  key: string,
  { lead, email, language, campaign }: PreviewQuery,
): Promise<{ rendered: RenderedMail; mail: CompiledMail; because: string }> {
  const who = lead ?? email;
  const [reader = null] = who ? await loadReaders(pool, [await requireLeadId(pool, who)]) : [];
  const speaks = language ? { language } : (reader?.lead ?? null);
  const mail = await requireMail(pool, templates, key, speaks);
  const use = await useOf(pool, key, campaign ?? null);
  try {
    const rendered = preview(mail, {
      workspace: await mailWorkspace(pool),
      sender: parseMailbox(config.MAIL_FROM)!,
      params: { ...use?.params, entry: {} },
      campaign: use?.campaign ?? null,
      reader,
      links: true,
    });
    return { rendered, mail, because: becauseOf(mail, templates, speaks, language !== undefined) };
  } catch (error) {
    throw new TendrilError('invalid', (error as Error).message);
  }
}

async function useOf(tx: Queryable, key: string, campaign: string | null) {
  const uses = mailsOfCampaigns(await workspaceDocuments(tx)).filter(({ template }) => template === key);
  const use = campaign === null ? uses[0] : uses.find((one) => one.campaign.key === campaign);
  if (!use && campaign !== null) throw new TendrilError('not_found', `The campaign '${campaign}' does not send '${key}'`);
  return use;
}

/** Which variant somebody gets, and why. */
function becauseOf(mail: CompiledMail, templates: Templates, speaks: Record<string, unknown> | null, asked: boolean): string {
  const { key, language } = mail.source;
  if (templates.variants(key).length === 1) return 'there is only one';
  const spoken = speaks?.['language'] ?? speaks?.['locale'];
  const whose = asked ? 'asked for' : 'the lead’s language is';
  if (typeof spoken !== 'string') return 'the lead’s language is not known';
  return language === null ? `there is none in ${spoken}` : `${whose} ${spoken}`;
}
