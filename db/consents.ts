import { firstLook, ownExpiry } from '../domain/consent/due.ts';
import type { ConsentState } from '../domain/consent/standing.ts';
import { topicOf, type Topics, topics } from '../domain/consent/topics.ts';
import { INSTANT } from './clock.ts';
import type { ChangedLead } from './lead-changes.ts';
import type { Queryable } from './pool.ts';

/** What words on topics are noted against: the topics in force, and workspace time. */
export interface ConsentGround {
  document: Topics;
  now: Date;
}

/** Reads it, in one statement. */
export async function consentGround(tx: Queryable): Promise<ConsentGround> {
  const { rows } = await tx.query<{ body: unknown; now: Date }>({
    name: 'consent-ground',
    text: `select clock() as now, (select body from document where kind = 'topics' and key = 'default' order by version desc limit 1) as body`,
  });
  return { document: topics.parse(rows[0]!.body ?? {}), now: rows[0]!.now };
}

/** SQL: what a row `c` of consent comes to now: its state, unless its time has run out. */
export const STATE_NOW = `case when c.expires_at <= (select clock()) then 'expired' else c.state end`;

/** A consent row to be. Never two of one lead and topic at a time. */
export interface NewConsent {
  leadId: string;
  topic: string;
  state: ConsentState;
  source: string;
  /** What it rests on: express, confirmed, inquiry, purchase … */
  basis?: string | null;
  textVersion?: string | null;
  expiresAt?: Date | null;
  /** How it can be shown later: form, address, browser, mail, campaign and step … */
  proof: Record<string, unknown>;
}

/**
 * When a row is added to what stands: always; only where something is other than before, a later end among it; where it is implied, never
 * over anybody's own word; where it is only asked for, never over a consent that holds; where it has run out, only if it really has.
 */
const added = {
  always: 'true',
  change: `stands.state is distinct from g.state or (g.state = 'granted' and stands.expires_at < coalesce(g.expires_at, 'infinity'))`,
  implied: `coalesce(stands.state in ('pending', 'expired') or stands.expires_at < g.expires_at, stands.state is null)`,
  lapsed: `stands.state = 'expired' and stands.kept = 'granted'`,
} as const;

/** A row that was added, by its lead. */
export interface AddedConsent extends ChangedLead {
  consentId: string;
  topic: string;
}

/**
 * The one writer of consents and of when they are looked at again. Under `lockLeads`; waking is the caller's. Answers the rows that were added. One
 * statement.
 */
export async function insertConsents(
  tx: Queryable,
  given: readonly NewConsent[],
  when: keyof typeof added,
  { document, now }: ConsentGround,
): Promise<AddedConsent[]> {
  if (given.length === 0) return [];
  const looks = given.map((one) => firstLook(one.expiresAt ?? null, topicOf(document, one.topic), now));
  const { rows } = await tx.query<AddedConsent>({
    name: `insert-consents-${when}`,
    text: `with given as (
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[], $9::text[], $10::timestamptz[])
         as g (lead_id, topic, state, source, basis, text_version, expires_at, proof, what, look_at)),
     noted as (
       insert into consent (lead_id, topic, granted, lack, source, basis, text_version, expires_at, proof, at)
       select g.lead_id, g.topic, case g.state when 'granted' then true when 'withdrawn' then false end,
              case when g.state in ('pending', 'expired') then g.state end, g.source, g.basis, g.text_version, g.expires_at, g.proof, ${INSTANT}
         from given g left join lateral (
           select ${STATE_NOW} as state, c.state as kept,
                  case when c.state = 'granted' and c.expires_at > (select clock()) then c.expires_at end as expires_at
             from consent c where c.lead_id = g.lead_id and c.topic = g.topic order by c.id desc limit 1) stands on true
        where ${added[when]}
        order by g.lead_id
       returning id, lead_id, topic, state),
     over as (
       delete from consent_due d using noted n where d.lead_id = n.lead_id and d.topic = n.topic and n.state <> 'pending'
          and not exists (select from given g where g.lead_id = n.lead_id and g.topic = n.topic and g.look_at is not null)),
     due as (
       insert into consent_due (lead_id, topic, consent_id, what, due_at)
       select n.lead_id, n.topic, n.id, g.what, g.look_at from noted n join given g on g.lead_id = n.lead_id and g.topic = n.topic
        where g.look_at is not null
           on conflict (lead_id, topic) do update set consent_id = excluded.consent_id, what = excluded.what, due_at = excluded.due_at)
     select l.id, l.slot, n.id as "consentId", n.topic from lead l join noted n on n.lead_id = l.id order by l.id`,
    values: [
      given.map((one) => one.leadId),
      given.map((one) => one.topic),
      given.map((one) => one.state),
      given.map((one) => one.source),
      given.map((one) => one.basis ?? null),
      given.map((one) => one.textVersion ?? null),
      given.map((one) => one.expiresAt ?? null),
      given.map((one) => JSON.stringify(one.proof)),
      looks.map((look) => look?.what ?? null),
      looks.map((look) => look?.dueAt ?? null),
    ],
  });
  return rows;
}

/** A word on a topic that did not come by a form. */
export interface ConsentWord {
  leadId: string;
  topic: string;
  granted: boolean;
  basis?: string | null;
  textVersion?: string | null;
  /** Left out: as long as the topic says. */
  expiresAt?: Date | null;
  /** Where it comes from, e.g. the campaign and its step. */
  proof: Record<string, unknown>;
}

/**
 * Notes words on topics, the latest of a lead and topic where there are several; what is known already is not noted again. Under `lockLeads`; waking is
 * the caller's. Answers what is other than before, by lead.
 */
export async function noteConsents(
  tx: Queryable,
  source: string,
  words: readonly ConsentWord[],
  ground?: ConsentGround,
): Promise<AddedConsent[]> {
  if (words.length === 0) return [];
  const known = ground ?? (await consentGround(tx));
  const latest = new Map(words.map((word) => [`${word.leadId} ${word.topic}`, word]));
  return insertConsents(tx, [...latest.values()].map(rowOf), 'change', known);

  function rowOf({ granted, expiresAt, basis, ...word }: ConsentWord): NewConsent {
    if (!granted) return { ...word, source, state: 'withdrawn' };
    const until = expiresAt === undefined ? ownExpiry(topicOf(known.document, word.topic), known.now) : expiresAt;
    return { ...word, source, state: 'granted', basis: basis ?? 'express', expiresAt: until };
  }
}
