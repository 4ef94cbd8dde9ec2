import { readFile } from 'node:fs/promises';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newestMarketing } from '../../db/deliverability-read.ts';
import { currentDocument } from '../../db/documents.ts';
import { loadDeparting, mailWorkspace } from '../../db/mails.ts';
import type { Queryable } from '../../db/pool.ts';
import { deliverabilityDocument } from '../../domain/deliverability/document.ts';
import type { MailFinding } from '../../domain/deliverability/dns/finding.ts';
import { domainOf } from '../../domain/deliverability/domain-of.ts';
import { checkOneClick } from '../../messaging/checks/one-click.ts';
import { checkRelay } from '../../messaging/checks/relay.ts';
import { checkDomain } from '../../messaging/dns/check-domain.ts';
import type { Sending } from '../../messaging/dns/checks.ts';
import { checkOwnKey } from '../../messaging/dns/own-key.ts';
import { createDns } from '../../messaging/dns/resolver.ts';
import { parseMailbox } from '../../messaging/message.ts';
import { renderMail } from '../../messaging/render.ts';
import type { OutgoingMessage } from '../../messaging/transports/transport.ts';
import type { Config } from '../../runtime/config.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { domainParam, mailFindingSchema } from './schema.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'get',
  path: '/v1/deliverability/domains/{domain}',
  tags: ['Mail'],
  summary: 'Whether a domain is fit to send from: SPF, DKIM, DMARC, hosts, relay, one-click',
  description: 'Asks the DNS and the relay now, so it takes a moment. Nothing is sent.',
  request: {
    params: domainParam,
    query: z.object({
      selector: z
        .string()
        .regex(/^[A-Za-z\d][\w.-]{0,62}(,[A-Za-z\d][\w.-]{0,62}){0,9}$/)
        .optional()
        .openapi({
          description: 'DKIM selectors, with commas between; default: those of deliverability.yaml, else ours, else the usual ones',
          example: 's1,s2',
        }),
    }),
  },
  responses: {
    200: {
      description: 'What was found',
      content: {
        'application/json': {
          schema: z.object({ domain: z.string(), errors: z.int(), warnings: z.int(), items: z.array(mailFindingSchema) }),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** How many of the newest marketing mails are made again to look at their headers. */
const NEWEST = 5;

/** GET /v1/deliverability/domains/{domain}. */
export function checkDomainEndpoint(app: OpenAPIHono, { pool, config, templates }: Pick<ApiDeps, 'pool' | 'config' | 'templates'>): void {
  const dns = createDns({ servers: config.DNS_SERVERS });
  const from = parseMailbox(config.MAIL_FROM)!;

  async function newest(tx: Queryable, domain: string): Promise<OutgoingMessage[]> {
    await templates.refresh(tx);
    const ids = await newestMarketing(tx, domain, domainOf(from.address), NEWEST);
    const [mails, workspace] = [(await loadDeparting(tx, ids)).map((one) => one.mail()), await mailWorkspace(tx)];
    return mails.flatMap((mail) => {
      try {
        return [renderMail(mail, workspace, { templates, secret: config.TENDRIL_SECRET!, publicUrl: config.publicUrl, from })];
      } catch {
        // What it was made from has changed since.
        return [];
      }
    });
  }

  /** Where we sign ourselves, and this process can read the key. */
  async function ownKey(domain: string): Promise<MailFinding[]> {
    const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_KEY_FILE } = config;
    if (domain !== DKIM_DOMAIN || !DKIM_SELECTOR || !DKIM_KEY_FILE) return [];
    const key = await readFile(DKIM_KEY_FILE, 'utf8').catch(() => null);
    return key === null ? [] : checkOwnKey(dns, `${DKIM_SELECTOR}._domainkey.${domain}`, key);
  }

  app.openapi(route, async (c) => {
    const { domain } = c.req.valid('param');
    const document = deliverabilityDocument.parse((await currentDocument(pool, 'deliverability'))?.body ?? {});
    const ours = config.DKIM_DOMAIN === domain && config.DKIM_SELECTOR ? [config.DKIM_SELECTOR] : [];
    const selectors = c.req.valid('query').selector?.split(',') ?? document.domains[domain]?.dkim ?? ours;
    const sending = sendingOf(config);
    const [found, own, relay, messages] = await Promise.all([
      checkDomain(dns, domain, selectors, sending),
      ownKey(domain),
      sending.relay ? checkRelay(sending.relay) : null,
      newest(pool, domain),
    ]);
    const items = [...found, ...own, ...(relay ? [relay] : []), ...checkOneClick(messages)];
    const count = (level: string): number => items.filter((one) => one.level === level).length;
    return c.json({ domain, errors: count('error'), warnings: count('warn'), items }, 200);
  });
}

function sendingOf(config: Config): Sending {
  const { marketing, transactional } = config.carriers;
  const carriers = new Set([marketing, transactional]);
  return {
    carriers,
    relay: carriers.has('smtp') && config.SMTP_URL ? new URL(config.SMTP_URL) : null,
    publicUrl: config.publicUrl,
    inboundDomain: config.INBOUND_DOMAIN ?? null,
  };
}
