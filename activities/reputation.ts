import type { Logger } from 'pino';
import { tidyHeldMail } from '../db/held-mail.ts';
import { noteHosts, unknownHosts } from '../db/mail-hosts.ts';
import type { Queryable } from '../db/pool.ts';
import { pauseDomain, recentComplaints, spamByDomain, spamRules, warnOfSpam } from '../db/spam-watch.ts';
import { domainOf } from '../domain/deliverability/domain-of.ts';
import { type Family, familyOfHosts } from '../domain/deliverability/providers.ts';
import { graver, judgeSpam } from '../domain/deliverability/spam-rate.ts';
import type { Dns } from '../messaging/dns/resolver.ts';
import type { Chore } from './sweep.ts';

export interface ReputationDeps {
  /** The workspace's sender. */
  from: { address: string };
  dns: Dns;
  log: Logger;
  /** How soon complaints are looked at again, real ms. */
  computeAfterMs?: number;
}

/**
 * The share is computed anew when somebody has complained, no sooner than so many real ms after the last time, and else so often: it needs a look through
 * a week of mails.
 */
const COMPUTE_AFTER_MS = 60_000;
const COMPUTE_EVERY_MS = 10 * 60_000;
/** The lines of those that wait are counted so often, real ms. */
const TIDY_EVERY_MS = 60_000;
/** How many companies' mail hosts one sweep looks up, and how long it waits for all of them, real ms. */
const LOOK_UP = 40;
const PATIENCE_MS = 4_000;

/** What the sweeper does for our reputation. */
export function reputationChores({ from, dns, log, computeAfterMs = COMPUTE_AFTER_MS }: ReputationDeps): Chore[] {
  let seen = 0;
  let computedAt = -Infinity;
  let tidiedAt = -Infinity;

  /** Pauses the marketing of a domain that too many complain about, and warns before it comes to that. */
  async function watchSpam(tx: Queryable): Promise<void> {
    const complaints = await recentComplaints(tx);
    const passed = performance.now() - computedAt;
    if (complaints === seen ? complaints === 0 || passed < COMPUTE_EVERY_MS : passed < computeAfterMs) return;
    const rules = await spamRules(tx);
    for (const { domain, today, week, paused } of await spamByDomain(tx, domainOf(from.address))) {
      if (paused) continue;
      const [day, days] = [judgeSpam(today, rules), judgeSpam(week, rules)];
      const verdict = graver(day, days);
      const [of, span] = day === verdict && verdict !== days ? ([today, 'today'] as const) : ([week, '7 days'] as const);
      const detail = { ...of, span, share: `${((of.complaints / Math.max(of.delivered, of.complaints, 1)) * 100).toFixed(2)}%` };
      if (verdict === 'pause') {
        await pauseDomain(tx, domain, `${of.complaints} complaints about ${of.delivered} mails (${span}): ${detail.share}`, detail);
        log.error({ domain, ...detail }, 'too many complaints: marketing from this domain is paused');
      } else await warnOfSpam(tx, domain, verdict === 'warn' ? detail : null);
    }
    // Only now: a look that failed is made again.
    seen = complaints;
    computedAt = performance.now();
  }

  async function tidy(tx: Queryable): Promise<void> {
    if (performance.now() - tidiedAt < TIDY_EVERY_MS) return;
    await tidyHeldMail(tx);
    tidiedAt = performance.now();
  }

  return [
    { name: 'complaints about our domains', run: (tx) => watchSpam(tx).then(() => []) },
    { name: 'places of mails that have ended', run: (tx) => tidy(tx).then(() => []) },
    { name: 'mail hosts of companies', run: (tx) => lookUpHosts(tx, dns).then(() => []) },
  ];
}

/** Whose mailboxes the companies' domains are. A name server that fails is harmless: what was known stays, and it is asked again some day. */
export async function lookUpHosts(tx: Queryable, dns: Dns): Promise<void> {
  const domains = await unknownHosts(tx, LOOK_UP);
  if (domains.length === 0) return;
  const found = new Map<string, Family | null>();
  const questions = domains.map((domain) =>
    dns.mx(domain).then(
      (hosts) => found.set(domain, familyOfHosts(hosts)),
      () => undefined,
    ),
  );
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([Promise.all(questions), new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(timer);
  await noteHosts(
    tx,
    domains.map((domain) => ({ domain, family: found.get(domain) ?? null, failed: !found.has(domain) })),
  );
}
