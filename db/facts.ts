import { type Calendar, calendarDocument, calendarOf } from '../domain/calendar/calendar.ts';
import { leadZone } from '../domain/calendar/lead-zone.ts';
import { lengthMs, minus } from '../domain/calendar/duration.ts';
import type { Duration } from '../domain/calendar/duration.ts';
import type { CampaignFacts, SendFact } from '../domain/campaign/step.ts';
import { type Leaf, leafKey } from '../domain/conditions/condition.ts';
import type { LeadFacts, Occurrences } from '../domain/conditions/evaluate.ts';
import { passes } from '../domain/conditions/test.ts';
import { currentDocument } from './documents.ts';
import { accountFacts, leadFacts } from './fact-columns.ts';
import type { Queryable } from './pool.ts';

/** One enrolment (or somebody about to enter) whose facts are wanted. */
export interface Subject {
  enrolmentId: string | null;
  leadId: string;
  enteredAt: Date;
  /** The event that brought it in: never counted as having happened since. */
  entryEventId: string | null;
  arrivedAt: Date;
  waiting: string | null;
}

/** What the whole batch shares. */
export interface Surroundings {
  now: Date;
  zone: string;
  calendar: Calendar;
}

/** Workspace time, zone and business days. */
export async function loadSurroundings(tx: Queryable): Promise<Surroundings> {
  const { rows } = await tx.query<{ now: Date; zone: string; country: string }>(
    'select clock() as now, timezone as zone, country from workspace',
  );
  const stored = await currentDocument(tx, 'calendar');
  const { now, zone, country } = rows[0]!;
  return { now, zone, calendar: calendarOf(calendarDocument.parse(stored?.body ?? {}), country) };
}

/**
 * The facts of a batch, in the order of its subjects: one statement for who they are, one for the mails they wait for, one for
 * each leaf that counts events; whatever the number of subjects.
 */
export async function loadFacts(
  tx: Queryable,
  subjects: readonly Subject[],
  leaves: readonly Leaf[],
  around: Surroundings,
): Promise<CampaignFacts[]> {
  const people = await loadPeople(tx, subjects, leaves);
  const sends = await loadSends(tx, subjects);
  const counted = await countLeaves(tx, subjects, leaves, around);
  return subjects.map((subject, i) => {
    const { timezone, phone, country, ...person } = people.get(subject.leadId)!;
    return {
      ...person,
      counted: counted[i]!,
      zone: leadZone({ timezone, phone, country }, around.zone),
      calendar: around.calendar,
      send: subject.waiting?.startsWith('send:') ? (sends.get(subject.waiting.slice(5)) ?? null) : null,
      skipBefore: null,
    };
  });
}

type Person = Omit<LeadFacts, 'counted'> &
  Pick<CampaignFacts, 'hasEmail' | 'withSales' | 'opportunity'> & { timezone: string | null; phone: string | null; country: string | null };

async function loadPeople(tx: Queryable, subjects: readonly Subject[], leaves: readonly Leaf[]): Promise<Map<string, Person>> {
  const wants = (kind: Leaf['kind']): boolean => leaves.some((leaf) => leaf.kind === kind);
  const { rows } = await tx.query<Person & { leadId: string }>(
    `select l.id as "leadId", l.timezone, l.phone, l.country, l.stage, l.tags, l.email is not null as "hasEmail",
            ${leadFacts} as lead, ${accountFacts} as account,
            s.fit, s.engagement, s.level,
            coalesce(o.open, false) as "withSales",
            case when o.id is not null then jsonb_build_object('id', o.id, 'state', o.state, 'rejectedReason', o.rejected_reason) end as opportunity,
            case when $2 then (select coalesce(jsonb_object_agg(topic, granted), '{}') from
              (select distinct on (topic) topic, granted from consent where lead_id = l.id order by topic, id desc) c) else '{}' end as consents,
            case when $3 then (select coalesce(jsonb_object_agg(key, states), '{}') from
              (select c.key, jsonb_agg(distinct e.state) as states from enrolment e join campaign c on c.id = e.campaign_id where e.lead_id = l.id group by c.key) e) else '{}' end as campaigns
       from lead l
       left join account a on a.id = l.account_id
       left join lead_score s on s.lead_id = l.id
       left join lateral (
         select o.id, o.state, o.rejected_reason, bool_or(o.closed_at is null and not o.nurture) over () as open
           from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id
          where ol.lead_id = l.id order by ol.added_at desc, o.id desc limit 1) o on true
      where l.id = any($1)`,
    [[...new Set(subjects.map((subject) => subject.leadId))], wants('consent'), wants('campaign')],
  );
  return new Map(rows.map(({ leadId, ...person }) => [leadId, person]));
}

async function loadSends(tx: Queryable, subjects: readonly Subject[]): Promise<Map<string, SendFact>> {
  const keys = subjects.flatMap(({ waiting }) => (waiting?.startsWith('send:') ? [waiting.slice(5)] : []));
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<SendFact>(
    `select send_key as "sendKey", state, settled_at as "settledAt", unknown_at as "unknownAt", reason from send where send_key = any($1)`,
    [keys],
  );
  return new Map(rows.map((row) => [row.sendKey, row]));
}

type Counting = Extract<Leaf, { kind: 'event' | 'mail' }>;

/** For each subject, how often and when each counting leaf's event happened in the time it looks at. */
export async function countLeaves(
  tx: Queryable,
  subjects: readonly Subject[],
  leaves: readonly Leaf[],
  around: Surroundings,
): Promise<Map<string, Occurrences>[]> {
  const counted = subjects.map(() => new Map<string, Occurrences>());
  for (const leaf of leaves) {
    if (leaf.kind !== 'event' && leaf.kind !== 'mail') continue;
    const key = leafKey(leaf);
    for (const { n, at, properties } of await happened(tx, subjects, leaf, around)) {
      if (!matches(leaf, properties, subjects[n]!)) continue;
      const seen = counted[n]!.get(key) ?? { count: 0, firstAt: at, lastAt: at };
      counted[n]!.set(key, { count: seen.count + 1, firstAt: seen.firstAt, lastAt: at });
    }
  }
  return counted;
}

/** The events one leaf may count, oldest first, with the properties it compares. */
async function happened(
  tx: Queryable,
  subjects: readonly Subject[],
  leaf: Counting,
  around: Surroundings,
): Promise<{ n: number; at: Date; properties: Record<string, unknown> }[]> {
  const name = leaf.kind === 'event' ? leaf.event : leaf.what === 'clicked' ? 'email_clicked' : 'email_replied';
  const wanted = leaf.kind === 'event' ? Object.keys(leaf.where) : ['enrolment', 'step', 'link'];
  const { rows } = await tx.query<{ n: number; at: Date; properties: Record<string, unknown> }>(
    `select s.n::int - 1 as n, e.at,
            case when cardinality($4::text[]) = 0 then '{}' else (select coalesce(jsonb_object_agg(k, e.properties -> k), '{}') from unnest($4::text[]) k) end as properties
       from unnest($1::uuid[], $2::timestamptz[], $5::uuid[]) with ordinality as s (lead_id, since, entry_event, n)
       join event e on e.lead_id = s.lead_id and e.name = $3 and e.at >= s.since and e.id is distinct from s.entry_event
      order by e.at`,
    [
      subjects.map((subject) => subject.leadId),
      subjects.map((subject) => sinceOf(leaf, subject, around)),
      name,
      wanted,
      subjects.map((subject) => entryEventOf(leaf, subject)),
    ],
  );
  return rows;
}

const entryEventOf = (leaf: Counting, subject: Subject): string | null =>
  leaf.kind === 'event' && leaf.since === 'entry' ? subject.entryEventId : null;

function sinceOf(leaf: Counting, subject: Subject, { now, zone, calendar }: Surroundings): Date {
  const since = leaf.kind === 'event' ? leaf.since : 'entry';
  if (since === 'ever') return new Date(0);
  if (since === 'entry') return subject.enteredAt;
  if (since === 'step') return subject.arrivedAt;
  return since.endsWith('bd') ? minus(now, since as Duration, zone, calendar) : new Date(now.getTime() - lengthMs(since as Duration));
}

function matches(leaf: Counting, properties: Record<string, unknown>, subject: Subject): boolean {
  if (leaf.kind === 'event') return Object.entries(leaf.where).every(([name, wanted]) => passes(properties[name], wanted));
  if (properties['enrolment'] !== subject.enrolmentId) return false;
  return (leaf.step === 'any' || properties['step'] === leaf.step) && (leaf.link === null || properties['link'] === leaf.link);
}
