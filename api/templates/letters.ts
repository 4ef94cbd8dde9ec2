import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { mailWorkspace } from '../../db/mails.ts';
import type { Queryable } from '../../db/pool.ts';
import { loadPostReaders, type Reader } from '../../db/readers.ts';
import { leadsWhere, segmentPredicate } from '../../db/segment-leads.ts';
import { loadSurroundings } from '../../db/surroundings.ts';
import { workspaceDocuments } from '../../db/workspace-documents.ts';
import { toCsv } from '../../domain/csv.ts';
import { TendrilError } from '../../domain/errors.ts';
import { postalLines, postalParts } from '../../domain/letters/address.ts';
import { type Letter, letterPage, letterText } from '../../messaging/letters.ts';
import { parseMailbox } from '../../messaging/message.ts';
import { preview } from '../../messaging/preview.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { templateParam } from './schema.ts';
import { mailsOfCampaigns, requireMail } from './shown.ts';

const MOST = 2_000;

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/templates/{key}/letters',
  tags: ['Mail'],
  summary: 'A mail on paper, for those who prefer post',
  description: `For leads whose attribute \`prefers\` is \`post\`, written in their language: a list to merge with (CSV), or pages for the printer (HTML, A4, the address in the window). Addresses are the attributes street, postal_code, city, region, country of the lead, else of its account. Those who want no marketing are left out. At most ${MOST} at a time.`,
  request: {
    params: templateParam,
    query: z.object({
      segment: z.string().max(100).optional().openapi({ description: 'Only leads of this segment' }),
      everybody: z.enum(['true', 'false']).default('false').openapi({ description: 'Also those who have not said that they prefer post' }),
      format: z.enum(['html', 'csv']).default('html'),
    }),
  },
  responses: {
    200: {
      description: 'The letters',
      content: { 'text/html': { schema: z.string() }, 'text/csv': { schema: z.string() } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

interface Written extends Letter {
  reader: Reader;
}

/** GET /v1/templates/{key}/letters. */
export function lettersEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'templates' | 'config'>): void {
  const { pool } = deps;
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const { segment, everybody, format } = c.req.valid('query');
    await requireMail(pool, deps.templates, key, null);
    const leadIds = segment === undefined ? null : await inSegment(pool, segment);
    const readers = await loadPostReaders(pool, leadIds, { everybody: everybody === 'true', limit: MOST + 1 });
    if (readers.length > MOST) throw new TendrilError('invalid', `These are more than ${MOST} letters: name a segment with fewer people`);
    const { letters, without, head } = await write(deps, key, readers);
    c.header('Cache-Control', 'no-store');
    if (format === 'csv')
      return c.body(csvOf(letters), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${key}.csv"`,
      });
    c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'");
    return c.html(letterPage(head, letters, without), 200);
  });
}

async function inSegment(tx: Queryable, key: string): Promise<string[]> {
  const found = await segmentPredicate(tx, key, await loadSurroundings(tx));
  if ('fault' in found) throw new TendrilError('not_found', `There is no segment '${key}'`);
  return leadsWhere(tx, found);
}

async function write({ pool, templates, config }: Pick<ApiDeps, 'pool' | 'templates' | 'config'>, key: string, readers: readonly Reader[]) {
  const workspace = await mailWorkspace(pool);
  const { now, country } = await homeOf(pool);
  const use = mailsOfCampaigns(await workspaceDocuments(pool)).find(({ template }) => template === key);
  const letters: Written[] = [];
  const without: string[] = [];
  for (const reader of readers) {
    const to = postalLines(reader.lead, reader.account, country);
    if (!to) {
      without.push(String(reader.lead['email'] ?? reader.lead['name'] ?? reader.leadId));
      continue;
    }
    const options = {
      workspace,
      sender: parseMailbox(config.MAIL_FROM)!,
      params: { ...use?.params, entry: {} },
      campaign: use?.campaign ?? null,
      reader,
      links: false,
    };
    try {
      const { subject, text } = preview(templates.variantOf(key, reader.lead)!, options);
      letters.push({ reader, to, subject, text: letterText(text, workspace.name) });
    } catch (error) {
      throw new TendrilError('invalid', `${(error as Error).message} (lead ${reader.leadId})`);
    }
  }
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: workspace.timezone }).format(now);
  return { letters, without, head: { firm: workspace.name, postalAddress: workspace.postalAddress, date, language: 'en' } };
}

async function homeOf(tx: Queryable): Promise<{ now: Date; country: string }> {
  const { rows } = await tx.query<{ now: Date; country: string }>('select clock() as now, country from workspace');
  return rows[0]!;
}

const COLUMNS = [
  'lead_id',
  'email',
  'first_name',
  'last_name',
  'name',
  'title',
  'company',
  'street',
  'postal_code',
  'city',
  'region',
  'country',
  'address',
  'subject',
  'text',
];

function csvOf(letters: readonly Written[]): string {
  const rows = letters.map(({ reader: { leadId, lead, account }, to, subject, text }) => ({
    ...Object.fromEntries(['email', 'first_name', 'last_name', 'name', 'title', 'company'].map((name) => [name, String(lead[name] ?? '')])),
    ...postalParts(lead, account),
    lead_id: leadId,
    address: to.join('\n'),
    subject,
    text,
  }));
  return toCsv(COLUMNS, rows);
}
