import { leadZone, type Whereabouts } from '../domain/calendar/lead-zone.ts';
import type { CampaignFacts, SendFact } from '../domain/campaign/step.ts';
import type { Leaf } from '../domain/conditions/condition.ts';
import type { LeadFacts } from '../domain/conditions/evaluate.ts';
import { countLeaves } from './counted.ts';
import { accountFacts, leadFacts } from './fact-columns.ts';
import type { Queryable } from './pool.ts';
import { writtenTo } from './runs.ts';
import type { Surroundings } from './surroundings.ts';

export { loadSurroundings, type Surroundings } from './surroundings.ts';

/** One enrolment (or somebody about to enter) whose facts are wanted. */
export interface Subject {
  enrolmentId: string | null;
  leadId: string;
  enteredAt: Date;
  /** The event that brought it in: never counted as having happened since. */
  entryEventId: string | null;
  /** What it was brought in with: conditions compare with `$entry.…`. */
  entry: Record<string, unknown>;
  arrivedAt: Date;
  waiting: string | null;
}

/**
 * The facts of a batch, in the order of its subjects: one statement for who they are, one for the mails they wait for, one for
 * each leaf that counts; whatever the number of subjects.
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
  // Field by field: copying with `...` is slow, and this is done for everybody at every look.
  return subjects.map((subject, i) => {
    const person = people.get(subject.leadId)!;
    return {
      // Where no condition asks who they are, their public holidays still ask where they live.
      lead: person.lead ?? (around.calendar.countries ? { country: person.country, phone: person.phone } : NOTHING),
      account: person.account,
      stage: person.stage,
      tags: person.tags,
      fit: person.fit,
      engagement: person.engagement,
      level: person.level,
      consents: person.consents ?? NOTHING,
      campaigns: person.campaigns ?? NOTHING,
      hasEmail: person.hasEmail,
      language: person.language,
      withSales: person.withSales,
      opportunity: person.opportunity,
      counted: counted[i]!,
      context: { now: around.now, zone: around.zone, calendar: around.calendar, entry: subject.entry },
      zone: leadZone(person, around.zone),
      calendar: around.calendar,
      send: subject.waiting?.startsWith('send:') ? (sends.get(subject.waiting.slice(5)) ?? null) : null,
      skipBefore: null,
    };
  });
}

const NOTHING = Object.freeze({});

/** A row of `loadPeople`; what no leaf asks for is null. */
type Person = Pick<LeadFacts, 'account' | 'stage' | 'tags' | 'fit' | 'engagement' | 'level'> &
  Pick<CampaignFacts, 'hasEmail' | 'language' | 'withSales' | 'opportunity'> &
  Whereabouts & {
    leadId: string;
    lead: LeadFacts['lead'] | null;
    consents: LeadFacts['consents'] | null;
    campaigns: LeadFacts['campaigns'] | null;
  };

async function loadPeople(tx: Queryable, subjects: readonly Subject[], leaves: readonly Leaf[]): Promise<Map<string, Person>> {
  const wants = (...kinds: Leaf['kind'][]): boolean => leaves.some((leaf) => kinds.includes(leaf.kind));
  // What nobody asks for is not in the statement: Postgres leaves out a table of which no column is wanted.
  const attributes = wants('attribute') ? `${leadFacts} as lead, ${accountFacts} as account` : 'null as lead, null as account';
  const score = wants('fit', 'engagement', 'level', 'score')
    ? 's.fit, s.engagement, s.level'
    : 'null as fit, null as engagement, null as level';
  const { rows } = await tx.query<Person>(
    `select l.id as "leadId", l.timezone, l.phone, l.country, l.stage, l.tags, l.email is not null as "hasEmail",
            coalesce(l.attributes ->> 'language', l.locale) as language,
            ${attributes}, ${score},
            coalesce(o.open, false) or ${writtenTo('l.id')} as "withSales",
            case when o.id is not null then jsonb_build_object('id', o.id, 'state', o.state, 'rejectedReason', o.rejected_reason, 'resumeAt', o.resume_at) end as opportunity,
            case when $2 then (select coalesce(jsonb_object_agg(topic, granted), '{}') from
              (select distinct on (topic) topic, granted from consent where lead_id = l.id order by topic, id desc) c) end as consents,
            case when $3 then (select coalesce(jsonb_object_agg(key, states), '{}') from
              (select c.key, jsonb_agg(distinct e.state) as states from enrolment e join campaign c on c.id = e.campaign_id where e.lead_id = l.id group by c.key) e) end as campaigns
       from lead l
       left join account a on a.id = l.account_id
       left join lead_score s on s.lead_id = l.id
       left join (
         select distinct on (ol.lead_id) ol.lead_id, o.id, o.state, o.rejected_reason, o.resume_at,
                bool_or(o.closed_at is null and not o.nurture) over (partition by ol.lead_id) as open
           from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id
          where ol.lead_id = any($1::uuid[]) order by ol.lead_id, ol.added_at desc, o.id desc) o on o.lead_id = l.id
      where l.id = any($1::uuid[])`,
    [[...new Set(subjects.map((subject) => subject.leadId))], wants('consent'), wants('campaign')],
  );
  return new Map(rows.map((row) => [row.leadId, row]));
}

async function loadSends(tx: Queryable, subjects: readonly Subject[]): Promise<Map<string, SendFact>> {
  const keys = subjects.flatMap(({ waiting }) => (waiting?.startsWith('send:') ? [waiting.slice(5)] : []));
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<SendFact>(
    `select send_key as "sendKey", state, settled_at as "settledAt", unknown_at as "unknownAt", reason, due_at as "dueAt" from send where send_key = any($1)`,
    [keys],
  );
  return new Map(rows.map((row) => [row.sendKey, row]));
}
