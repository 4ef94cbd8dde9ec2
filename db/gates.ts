import { dateAt } from '../domain/calendar/zoned.ts';
import { type DayUse, dayGate } from '../domain/deliverability/day-gate.ts';
import { type DeliverabilityDocument, deliverabilityDocument, rateFor, type ThrottledLane } from '../domain/deliverability/document.ts';
import { type AtGate, pass, type Passage, type Place } from '../domain/deliverability/pass.ts';
import { openGate, rateGate, type RateUse } from '../domain/deliverability/rate-gate.ts';
import { budgetOn } from '../domain/deliverability/warm-up.ts';
import { familiesOf } from './mail-hosts.ts';
import type { Queryable } from './pool.ts';

/** What limits our mail at the moment. */
export interface Limits {
  document: DeliverabilityDocument;
  /** Workspace time. */
  now: Date;
  zone: string;
  /** Our domains whose marketing stands still. */
  paused: ReadonlySet<string>;
}

/** Mails a mail of the ledger that may go as far as it is concerned itself. Domains are lower case. */
export interface Leaving {
  id: string;
  from: string;
  to: string;
}

/** A mail that has to wait. `told`: it has been journalled before. */
export type HeldMail = Extract<Passage, { go: false }> & {
  told: boolean;
  leadId: string | null;
  campaignId: string | null;
  enrolmentId: string | null;
  stepId: string | null;
};

/** Waits for whoever is changing the rules, and keeps them as they are until the commit: whom they hold is known to the next change. */
export async function holdRules(tx: Queryable): Promise<void> {
  await tx.query(`select from sending_gate where key = 'rules' for share`);
}

/** The limits in force, or null where there are none: one small statement. */
export async function readLimits(tx: Queryable): Promise<Limits | null> {
  const { rows } = await tx.query<{ body: unknown; now: Date; zone: string; paused: string[] }>(
    `select (select body from document where kind = 'deliverability' and key = 'default' order by version desc limit 1) as body,
            clock() as now, timezone as zone, array(select domain from sending_domain where paused_at is not null) as paused from workspace`,
  );
  const { body, now, zone, paused } = rows[0]!;
  const document = deliverabilityDocument.parse(body ?? {});
  const idle = paused.length + Object.keys(document.providers).length === 0 && Object.values(document.domains).every((one) => !one.warmUp);
  return idle ? null : { document, now, zone, paused: new Set(paused) };
}

/**
 * Lets mails through the gates of their sender's domain and their recipient's provider, in the transaction that departs; answers those that must
 * wait. The gates it needs are locked, in the order of their keys, until the commit, so that however many batches leave at once no limit is exceeded. A few
 * statements whatever the number of mails, one for those that no gate concerns.
 */
export async function passGates(tx: Queryable, limits: Limits, lane: ThrottledLane, mails: readonly Leaving[]): Promise<HeldMail[]> {
  const { document, now, zone, paused } = limits;
  const today = dateAt(now, zone);
  const warming = (domain: string) => {
    const warmUp = Object.hasOwn(document.domains, domain) ? document.domains[domain]!.warmUp : undefined;
    return warmUp && budgetOn(warmUp, today) !== null ? warmUp : null;
  };
  const throttles = Object.keys(document.providers).length > 0;
  const families = await familiesOf(tx, throttles ? mails.map((mail) => mail.to) : [], document.lookUpHosts);
  const perMinute = new Map<string, number>();
  const asking = mails.flatMap((mail) => {
    const rate = throttles ? rateFor(document, lane, { domain: mail.to, family: families.get(mail.to) ?? null }) : null;
    const limited = { ...mail, rate: rate?.key ?? null, warm: !warming(mail.from), paused: lane === 'marketing' && paused.has(mail.from) };
    if (rate) perMinute.set(rate.key, rate.perMinute);
    return rate || !limited.warm || limited.paused ? [limited] : [];
  });
  if (asking.length === 0) return [];

  const domains = [...new Set(asking.flatMap((one) => (one.warm ? [] : [one.from])))].toSorted();
  const uses = await lockGates(tx, [...domains.map((one) => `domain:${one}`), ...[...perMinute.keys()].map((one) => `rate:${one}`)]);
  const standing = await readStanding(
    tx,
    asking.map((one) => one.id),
    domains,
    today,
  );
  const days = new Map(
    domains.map((domain) => [domain, dayGate(warming(domain)!, today, standing.days.get(domain) ?? new Map<string, DayUse>(), zone)]),
  );
  const rates = new Map(
    [...perMinute].map(([key, rate]) => [key, rateGate(rate, uses.get(`rate:${key}`) ?? openGate(rate, now.getTime()), now.getTime())]),
  );
  const passages = pass(
    asking.map(({ id, from, rate, warm, paused: stopped }): AtGate => {
      const { priority, dueAt, place } = standing.mails.get(id)!;
      return {
        id,
        priority,
        dueAt,
        place,
        rate,
        paused: stopped,
        warmUp: warm ? null : { domain: from, always: lane === 'transactional' },
      };
    }),
    { days, rates },
    now,
  );
  const senders = new Map(asking.map((one) => [one.id, one.from]));
  await writeGates(tx, {
    rates: [...rates].map(([key, gate]) => ({ key: `rate:${key}`, ...gate.use() })),
    days: [...days].flatMap(([domain, gate]) => gate.uses().map((use) => ({ domain, ...use }))),
    passages: passages.map((one) => ({ ...one, sender: senders.get(one.id)! })),
  });
  return passages.flatMap((one) => {
    if (one.go) return [];
    const { of, notAfter } = standing.mails.get(one.id)!;
    return [{ ...one, dueAt: inTime(one.dueAt, notAfter), ...of }];
  });
}

/** A mail whose time is over before its turn comes is not kept until then: its enrolment can go on. */
const inTime = (dueAt: Date, notAfter: Date | null): Date => (notAfter && notAfter < dueAt ? new Date(notAfter.getTime() + 1) : dueAt);

/** Locks the rows of these gates, which are made where they are missing. Answers how the rates among them stand. */
async function lockGates(tx: Queryable, keys: readonly string[]): Promise<Map<string, RateUse>> {
  const read = async () =>
    (
      await tx.query<{
        key: string;
        tokens: number | null;
        refilledAt: Date | null;
        bookedUntil: Date | null;
        bookedPriority: number | null;
      }>(
        `select key, tokens, refilled_at as "refilledAt", booked_until as "bookedUntil", booked_priority as "bookedPriority"
           from sending_gate where key = any($1) order by key for no key update`,
        [keys],
      )
    ).rows;
  let rows = await read();
  if (rows.length < keys.length) {
    await tx.query(
      'insert into sending_gate (key) select key from unnest($1::text[]) as k (key) order by key collate "C" on conflict do nothing',
      [keys],
    );
    rows = await read();
  }
  return new Map(
    rows.flatMap(({ key, tokens, refilledAt, bookedUntil, bookedPriority }) =>
      tokens === null || refilledAt === null
        ? []
        : [[key, { tokens, refilledAt: refilledAt.getTime(), bookedUntil: bookedUntil?.getTime() ?? null, bookedPriority }]],
    ),
  );
}

interface Standing {
  mails: Map<
    string,
    { priority: number; dueAt: Date; notAfter: Date | null; place: Place | null; of: Omit<HeldMail, keyof Passage | 'by' | 'dueAt'> }
  >;
  days: Map<string, Map<string, DayUse>>;
}

async function readStanding(tx: Queryable, ids: readonly string[], domains: readonly string[], today: string): Promise<Standing> {
  const { rows } = await tx.query<{
    id: string;
    priority: number;
    dueAt: Date;
    notAfter: Date | null;
    leadId: string | null;
    campaignId: string | null;
    enrolmentId: string | null;
    stepId: string | null;
    told: boolean;
    domain: string | null;
    day: string | null;
    gone: boolean;
    rate: string | null;
  }>(
    `select s.id, s.priority, s.due_at as "dueAt", s.not_after as "notAfter", s.lead_id as "leadId", s.campaign_id as "campaignId", s.enrolment_id as "enrolmentId", s.step_id as "stepId",
            coalesce(h.held_by is not null, false) as told, h.sender_domain as domain, h.day::text as day, coalesce(h.gone, false) as gone, h.rate
       from send s left join held_mail h on h.send_id = s.id where s.id = any($1::uuid[])`,
    [ids],
  );
  // A place on a day that has passed unused is given up there, too.
  const since = rows.reduce((first, { day }) => (day !== null && day < first ? day : first), today);
  const { rows: used } =
    domains.length === 0
      ? { rows: [] }
      : await tx.query<DayUse & { domain: string; day: string }>(
          'select domain, day::text as day, used, promised, priority from warm_up_day where domain = any($1) and day >= $2::date',
          [domains, since],
        );
  const days = new Map<string, Map<string, DayUse>>();
  for (const { domain, day, ...use } of used) {
    if (!days.has(domain)) days.set(domain, new Map());
    days.get(domain)!.set(day, use);
  }
  return {
    days,
    mails: new Map(
      rows.map(({ id, priority, dueAt, notAfter, domain, day, gone, rate, ...of }) => [
        id,
        { priority, dueAt, notAfter, of, place: domain === null ? null : { domain, day, gone, rate } },
      ]),
    ),
  };
}

interface Written {
  rates: readonly (RateUse & { key: string })[];
  days: readonly (DayUse & { domain: string; day: string })[];
  passages: readonly (Passage & { sender: string })[];
}

async function writeGates(tx: Queryable, { rates, days, passages }: Written): Promise<void> {
  const kept = passages.filter((one) => !one.go || one.place !== null);
  const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  await tx.query(
    `with gates as (
       update sending_gate g set tokens = n.tokens, refilled_at = n.refilled_at, booked_until = n.booked_until, booked_priority = n.booked_priority
         from unnest($1::text[], $2::float8[], $3::timestamptz[], $4::timestamptz[], $5::smallint[]) as n (key, tokens, refilled_at, booked_until, booked_priority)
        where g.key = n.key),
     days as (
       insert into warm_up_day as d (domain, day, used, promised, priority)
       select * from unnest($6::text[], $7::date[], $8::int[], $9::int[], $10::smallint[]) order by 1, 2
           on conflict (domain, day) do update set used = excluded.used, promised = excluded.promised, priority = excluded.priority
        where (d.used, d.promised, d.priority) is distinct from (excluded.used, excluded.promised, excluded.priority)),
     forgotten as (delete from held_mail where send_id = any($11::uuid[]))
     insert into held_mail as h (send_id, sender_domain, held_by, due_at, day, gone, rate)
     select * from unnest($12::uuid[], $13::text[], $14::text[], $15::timestamptz[], $16::date[], $17::boolean[], $18::text[])
         on conflict (send_id) do update set sender_domain = excluded.sender_domain, held_by = excluded.held_by, due_at = excluded.due_at,
            day = excluded.day, gone = excluded.gone, rate = excluded.rate`,
    [
      rates.map((one) => one.key),
      rates.map((one) => one.tokens),
      rates.map((one) => new Date(one.refilledAt)),
      rates.map((one) => date(one.bookedUntil)),
      rates.map((one) => one.bookedPriority),
      days.map((one) => one.domain),
      days.map((one) => one.day),
      days.map((one) => one.used),
      days.map((one) => one.promised),
      days.map((one) => one.priority),
      passages.filter((one) => one.go && one.place === null).map((one) => one.id),
      kept.map((one) => one.id),
      kept.map((one) => one.sender),
      kept.map((one) => (one.go ? null : one.by)),
      kept.map((one) => (one.go ? null : one.dueAt)),
      kept.map((one) => one.place?.day ?? null),
      kept.map((one) => one.place?.gone ?? false),
      kept.map((one) => one.place?.rate ?? null),
    ],
  );
}
