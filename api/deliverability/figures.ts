import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type DomainFigures, figuresByRecipient, type MailFigures, senderStandings, waitingMails } from '../../db/deliverability-read.ts';
import { domainOf } from '../../domain/deliverability/domain-of.ts';
import type { Complaints } from '../../domain/deliverability/spam-rate.ts';
import { groupBy } from '../../domain/group-by.ts';
import { parseMailbox } from '../../messaging/message.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { deliverabilitySchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/deliverability',
  tags: ['Mail'],
  summary: 'What became of our mail, by provider and domain, and how our own domains stand',
  request: {
    query: z.object({
      days: z.coerce.number().int().min(1).max(31).default(7),
      top: z.coerce.number().int().min(1).max(200).default(20).openapi({ description: 'How many domains, those with most mails first' }),
    }),
  },
  responses: {
    200: { description: 'The figures', content: { 'application/json': { schema: deliverabilitySchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/deliverability. */
export function deliverabilityFiguresEndpoint(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  app.openapi(route, async (c) => {
    const { days, top } = c.req.valid('query');
    const domains = await figuresByRecipient(pool, days);
    const families = [...groupBy(domains, (one) => one.family ?? 'other')].map(([family, of]) => ({ family, ...rates(sum(of)) }));
    const senders = await senderStandings(pool, domainOf(parseMailbox(config.MAIL_FROM)!.address));
    return c.json(
      {
        days,
        total: rates(sum(domains)),
        senders: senders.map(({ today, week, paused, warmUp, domain }) => ({
          domain,
          today: complaintRate(today),
          week: complaintRate(week),
          paused: paused && { ...paused, at: paused.at.toISOString() },
          warmUp: warmUp && { ...warmUp, until: warmUp.until?.toISOString() ?? null },
        })),
        families: families.toSorted((a, b) => b.accepted - a.accepted),
        domains: domains.slice(0, top).map(({ domain, family, ...figures }) => ({ domain, family, ...rates(figures) })),
        waiting: (await waitingMails(pool)).map((one) => ({ ...one, until: one.until.toISOString() })),
      },
      200,
    );
  });
}

const empty: MailFigures = { accepted: 0, delivered: 0, bounced: 0, failed: 0, unknown: 0, complained: 0, opened: 0, clicked: 0 };
const names = Object.keys(empty) as (keyof MailFigures)[];

function sum(of: readonly DomainFigures[]): MailFigures {
  const total = { ...empty };
  for (const one of of) for (const name of names) total[name] += one[name];
  return total;
}

const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

const rates = (of: MailFigures) => ({
  ...of,
  bounceRate: share(of.bounced, Math.max(of.accepted, of.bounced)),
  complaintRate: share(of.complained, Math.max(of.accepted, of.complained)),
});

const complaintRate = (of: Complaints) => ({ ...of, rate: share(of.complaints, Math.max(of.delivered, of.complaints)) });
