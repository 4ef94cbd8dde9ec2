import { dateAt } from '../domain/calendar/zoned.ts';
import { type DeliverabilityDocument, deliverabilityDocument } from '../domain/deliverability/document.ts';
import { type Family, familyOf } from '../domain/deliverability/providers.ts';
import { budgetOn } from '../domain/deliverability/warm-up.ts';
import type { Complaints } from '../domain/deliverability/spam-rate.ts';
import type { Queryable } from './pool.ts';
import { spamByDomain } from './spam-watch.ts';

/** What became of mails. `delivered` only where a provider tells of it; opened and clicked by people alone. */
export interface MailFigures {
  accepted: number;
  delivered: number;
  bounced: number;
  failed: number;
  unknown: number;
  complained: number;
  opened: number;
  clicked: number;
}

export interface DomainFigures extends MailFigures {
  domain: string;
  family: Family | null;
}

const counts = [
  `count(*) filter (where m.state = 'accepted')::int as accepted`,
  `count(*) filter (where t.delivered)::int as delivered`,
  `count(*) filter (where t.bounced or m.reason = 'address_dead')::int as bounced`,
  `count(*) filter (where m.state = 'failed' and m.reason <> 'address_dead')::int as failed`,
  `count(*) filter (where m.state = 'unknown')::int as unknown`,
  `0 as complained`,
  `count(*) filter (where h.opened)::int as opened`,
  `count(*) filter (where h.clicked)::int as clicked`,
].join(', ');

/**
 * What became of the mails that were queued in the last `days`, by domain of the recipient, most mails first. Complaints are those of the same days. Mail to our own reps
 * and of tests is left out.
 */
export async function figuresByRecipient(tx: Queryable, days: number): Promise<DomainFigures[]> {
  const { rows } = await tx.query<Omit<DomainFigures, 'family'> & { host: Family | null }>(
    `with span as materialized (select clock() - make_interval(days => $1) as from_at),
     m as materialized (
       select s.id, lower(substring(s.address from '@([^@]*)$')) as domain, s.state, coalesce(s.reason, '') as reason from send s, span
        where s.queued_at >= span.from_at and s.class <> 'internal' and not s.test and s.address is not null and s.state in ('accepted', 'failed', 'unknown')),
     t as (select e.send_id, bool_or(e.kind = 'delivered') as delivered, bool_or(e.kind = 'bounced') as bounced
             from delivery_event e join m on m.id = e.send_id where e.kind in ('delivered', 'bounced') group by 1),
     h as (select h.send_id, bool_or(h.kind = 'open') as opened, bool_or(h.kind = 'click') as clicked
             from hit h join m on m.id = h.send_id where h.verdict = 'human' group by 1),
     by_domain as (select m.domain, ${counts} from m left join t on t.send_id = m.id left join h on h.send_id = m.id group by m.domain),
     complaints as (
       select lower(substring(p.address from '@([^@]*)$')) as domain, count(*)::int as n from suppression p, span
        where p.kind = 'complaint' and p.at >= span.from_at group by 1)
     select coalesce(d.domain, c.domain) as domain, coalesce(accepted, 0) as accepted, coalesce(delivered, 0) as delivered, coalesce(bounced, 0) as bounced,
            coalesce(failed, 0) as failed, coalesce(unknown, 0) as unknown, coalesce(c.n, 0) as complained, coalesce(opened, 0) as opened, coalesce(clicked, 0) as clicked,
            mh.family as host
       from by_domain d full join complaints c on c.domain = d.domain left join mail_host mh on mh.domain = coalesce(d.domain, c.domain)
      order by accepted desc nulls last, 1`,
    [days],
  );
  return rows.map(({ host, ...row }) => ({ ...row, family: familyOf(row.domain) ?? host }));
}

/** One of our domains: how complaints stand, whether its marketing is paused, how far its warm-up is. */
export interface SenderStanding {
  domain: string;
  today: Complaints;
  week: Complaints;
  paused: { at: Date; reason: string } | null;
  warmUp: { budget: number; used: number; waiting: number; until: Date | null } | null;
}

/** Mails that a gate keeps, by what keeps them and which line they stand in. */
export interface Waiting {
  by: string;
  line: string;
  mails: number;
  until: Date;
}

/** How our own domains stand; `from` is that of the workspace's sender, `waiting` what their gates keep. Those that nothing is known of are left out. */
export async function senderStandings(tx: Queryable, from: string, waiting: readonly Waiting[]): Promise<SenderStanding[]> {
  const { rows } = await tx.query<{ body: unknown; zone: string; now: Date }>(
    `select (select body from document where kind = 'deliverability' and key = 'default' order by version desc limit 1) as body, timezone as zone, clock() as now from workspace`,
  );
  const { body, zone, now } = rows[0]!;
  const { domains }: DeliverabilityDocument = deliverabilityDocument.parse(body ?? {});
  const { rows: paused } = await tx.query<{ domain: string; at: Date; reason: string }>(
    'select domain, paused_at as at, paused_reason as reason from sending_domain where paused_at is not null',
  );
  const today = dateAt(now, zone);
  const { rows: used } = await tx.query<{ domain: string; used: number }>('select domain, used from warm_up_day where day = $1::date', [
    today,
  ]);
  const spam = await spamByDomain(tx, from);
  const nothing: Complaints = { complaints: 0, delivered: 0 };
  const names = new Set([...Object.keys(domains), ...paused.map((one) => one.domain), ...spam.map((one) => one.domain), from]);
  return [...names].toSorted().map((domain) => {
    const warmUp = domains[domain]?.warmUp;
    const budget = warmUp ? budgetOn(warmUp, today) : null;
    const stopped = paused.find((one) => one.domain === domain);
    const rates = spam.find((one) => one.domain === domain);
    const line = waiting.find((one) => one.by === 'warm_up' && one.line === domain);
    return {
      domain,
      today: rates?.today ?? nothing,
      week: rates?.week ?? nothing,
      paused: stopped ? { at: stopped.at, reason: stopped.reason } : null,
      warmUp:
        budget === null
          ? null
          : { budget, used: used.find((one) => one.domain === domain)?.used ?? 0, waiting: line?.mails ?? 0, until: line?.until ?? null },
    };
  });
}

/** What waits at the gates. */
export async function waitingMails(tx: Queryable): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting>(
    `select h.held_by as by, case h.held_by when 'provider_throttle' then h.rate else h.sender_domain end as line, count(*)::int as mails, max(h.due_at) as until
       from held_mail h join send s on s.id = h.send_id
      where h.held_by is not null and s.settled_at is null group by 1, 2 order by 1, 2`,
  );
  return rows;
}

/** Ids of the newest marketing mails that the workspace's sender or this domain has sent, newest first. */
export async function newestMarketing(tx: Queryable, domain: string, from: string, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select s.id from (select * from send where class = 'marketing' and state = 'accepted' and lead_id is not null order by id desc limit 500) s
      where coalesce(lower(substring(s.sender from '@([^@<>\\s]+)>?\\s*$')), $2) = $1 order by s.id desc limit $3`,
    [domain, from, limit],
  );
  return rows.map((row) => row.id);
}
