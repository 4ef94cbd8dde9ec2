import { type DeliverabilityDocument, deliverabilityDocument } from '../domain/deliverability/document.ts';
import type { Complaints } from '../domain/deliverability/spam-rate.ts';
import { closeAlerts, raiseAlerts } from './alerts.ts';
import { lockRules, releasePaused } from './held-mail.ts';
import type { Queryable } from './pool.ts';
import { senderDomain } from './sender-domain.ts';

/** One of our domains, as complaints see it. What was before it was resumed has been dealt with and is not counted. */
export interface DomainSpam {
  domain: string;
  today: Complaints;
  week: Complaints;
  paused: boolean;
}

/** How many have complained in the last seven days, and since when they were looked at last: cheap enough for every sweep. */
export async function recentComplaints(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from suppression where kind = 'complaint' and at > clock() - interval '7 days'`,
  );
  return rows[0]!.n;
}

/**
 * Complaints and delivered mails of today (the workspace's day) and of seven days, by the domain they were sent from; `from` is the domain of the workspace's sender.
 * A complaint belongs to the newest mail that its person had been sent. Of mails that waited for more than a week before they left
 * nothing is counted: to find them would mean a look through all. Delivered is what was accepted and has not come back. A
 * domain that somebody was warned of is always among them.
 */
export async function spamByDomain(tx: Queryable, from: string): Promise<DomainSpam[]> {
  const { rows } = await tx.query<{ domain: string; paused: boolean } & Record<'ct' | 'cw' | 'dt' | 'dw', number>>(
    `with span as materialized (
       select clock() - interval '7 days' as week, (date_trunc('day', clock() at time zone timezone) at time zone timezone) as today from workspace),
     delivered as (
       select ${senderDomain('$1')} as domain, s.settled_at as at
         from send s, span where s.queued_at > span.week - interval '7 days' and s.state = 'accepted' and s.class <> 'internal' and not s.test and s.settled_at > span.week
          and not exists (select from delivery_event e where e.send_id = s.id and e.kind = 'bounced')),
     complained as (
       select coalesce(m.domain, $1) as domain, p.at
         from span cross join suppression p
         left join lateral (
           select ${senderDomain('$1')} as domain from lead c join send s on s.lead_id = c.id
            where c.email = p.address and s.state = 'accepted' and s.class <> 'internal' and s.settled_at <= p.at order by s.queued_at desc limit 1) m on true
        where p.kind = 'complaint' and p.at > span.week),
     all_of as (
       select domain, at, 0 as complaint from delivered union all select domain, at, 1 from complained
       union all select domain, clock(), -1 from sending_domain where warned_at is not null)
     select a.domain, coalesce(bool_or(d.paused_at is not null), false) as paused,
            count(*) filter (where complaint = 1 and a.at >= span.today)::int as ct, count(*) filter (where complaint = 1)::int as cw,
            count(*) filter (where complaint = 0 and a.at >= span.today)::int as dt, count(*) filter (where complaint = 0)::int as dw
       from all_of a cross join span left join sending_domain d on d.domain = a.domain
      where a.at > coalesce(d.resumed_at, '-infinity') group by a.domain order by a.domain`,
    [from],
  );
  return rows.map(({ domain, paused, ct, cw, dt, dw }) => ({
    domain,
    paused,
    today: { complaints: ct, delivered: dt },
    week: { complaints: cw, delivered: dw },
  }));
}

/** The levels in force. */
export async function spamRules(tx: Queryable): Promise<DeliverabilityDocument['spam']> {
  const { rows } = await tx.query<{ body: unknown }>(
    `select body from document where kind = 'deliverability' and key = 'default' order by version desc limit 1`,
  );
  return deliverabilityDocument.parse(rows[0]?.body ?? {}).spam;
}

/** Marketing of a domain stands still until somebody resumes it, and somebody is told. False when it stood still already. */
export async function pauseDomain(tx: Queryable, domain: string, reason: string, detail: Record<string, unknown> = {}): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into sending_domain as d (domain, paused_at, paused_reason) values ($1, clock(), $2)
         on conflict (domain) do update set paused_at = excluded.paused_at, paused_reason = excluded.paused_reason where d.paused_at is null`,
    [domain, reason],
  );
  if (rowCount === 0) return false;
  await raiseAlerts(tx, [{ kind: 'domain_paused', about: domain, detail: { reason, ...detail } }]);
  await closeAlerts(tx, 'spam_rate', [domain]);
  return true;
}

/** Lets a domain's marketing go on; complaints until now count no more. False when it did not stand still. Poke the marketing lane after the commit. */
export async function resumeDomain(tx: Queryable, domain: string): Promise<boolean> {
  await lockRules(tx);
  const { rowCount } = await tx.query(
    'update sending_domain set paused_at = null, paused_reason = null, resumed_at = clock(), warned_at = null where domain = $1 and paused_at is not null',
    [domain],
  );
  if (rowCount === 0) return false;
  await releasePaused(tx, domain);
  await closeAlerts(tx, 'domain_paused', [domain]);
  return true;
}

/** Tells once that the share of complaints has come to the level that warns; `null` that it has not, or no more. */
export async function warnOfSpam(tx: Queryable, domain: string, detail: Record<string, unknown> | null): Promise<void> {
  const { rowCount } = await tx.query(
    detail
      ? `insert into sending_domain as d (domain, warned_at) values ($1, clock()) on conflict (domain) do update set warned_at = excluded.warned_at where d.warned_at is null`
      : 'update sending_domain set warned_at = null where domain = $1 and warned_at is not null',
    [domain],
  );
  if (rowCount === 0) return;
  if (detail) await raiseAlerts(tx, [{ kind: 'spam_rate', about: domain, detail }]);
  else await closeAlerts(tx, 'spam_rate', [domain]);
}
