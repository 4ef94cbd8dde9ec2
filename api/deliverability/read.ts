import type { z } from '@hono/zod-openapi';
import { type DomainFigures, figuresByRecipient, type MailFigures, senderStandings, waitingMails } from '../../db/deliverability-read.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Complaints } from '../../domain/deliverability/spam-rate.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { deliverabilitySchema } from './schema.ts';

export type Deliverability = z.infer<typeof deliverabilitySchema>;

/** How our mail fared in the last `days`, and how our own domains stand; `from` is that of the workspace's sender, `top` how many recipients' domains. */
export async function readDeliverability(
  tx: Queryable,
  { days, top, from }: { days: number; top: number; from: string },
): Promise<Deliverability> {
  const domains = await figuresByRecipient(tx, days);
  const families = [...groupBy(domains, (one) => one.family ?? 'other')].map(([family, of]) => ({ family, ...rates(sum(of)) }));
  const waiting = await waitingMails(tx);
  const senders = await senderStandings(tx, from, waiting);
  return {
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
    waiting: waiting.map((one) => ({ ...one, until: one.until.toISOString() })),
  };
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
