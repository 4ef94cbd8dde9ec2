import { type ConsentState, type Refusal, refusal, standing } from '../domain/consent/standing.ts';
import { topicOf } from '../domain/consent/topics.ts';
import { consentGround } from './consents.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

/** One row of what somebody said, or time or an event said for them. */
export interface ConsentEntry {
  id: string;
  topic: string;
  state: ConsentState;
  basis: string | null;
  source: string;
  textVersion: string | null;
  expiresAt: Date | null;
  at: Date;
}

const columns = `id, topic, state, basis, source, text_version as "textVersion", expires_at as "expiresAt", at`;

/** Everything ever said on any topic, newest first, one page from a place on. */
export async function consentHistory(tx: Queryable, leadId: string, limit: number, from: Place | null) {
  const { rows } = await tx.query<ConsentEntry & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', at::text, 'id', id) as place from consent
      where lead_id = $1 and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
      order by at desc, id desc limit $2 + 1`,
    [leadId, limit, from?.at ?? null, from?.id ?? null],
  );
  return cutPage(rows, limit);
}

/** What holds of a topic for somebody. */
export interface TopicStanding {
  topic: string;
  name: string;
  /** What mail about it rests on; null for a topic that is in the document no more. */
  legalBasis: string | null;
  /** Null: nothing was ever said. */
  state: ConsentState | null;
  basis: string | null;
  expiresAt: Date | null;
  since: Date | null;
  /** Why marketing on it is refused; null: it may be mailed, as far as this topic goes. */
  refusal: Refusal | null;
}

/** What holds now, of every topic of the workspace and every other that was ever spoken of. */
export async function topicStandings(tx: Queryable, leadId: string): Promise<TopicStanding[]> {
  const { document, now } = await consentGround(tx);
  const { rows } = await tx.query<ConsentEntry>(
    `select distinct on (topic) ${columns} from consent where lead_id = $1 order by topic, id desc`,
    [leadId],
  );
  const newest = new Map(rows.map((row) => [row.topic, row]));
  const keys = new Set([...document.topics.map(({ key }) => key), ...newest.keys()]);
  return [...keys].map((key) => {
    const row = newest.get(key);
    const state = standing(row ? [row] : [], now);
    const topic = topicOf(document, key);
    return {
      topic: key,
      name: topic?.name ?? key,
      legalBasis: topic?.basis ?? null,
      state,
      basis: row?.basis ?? null,
      expiresAt: row?.expiresAt ?? null,
      // What nobody has said has come with its time.
      since: row ? (row.state === state ? row.at : row.expiresAt) : null,
      refusal: refusal(document, key, state),
    };
  });
}

/** A row with all that proves it: as it was kept, with the words agreed to where the topic has them. Null: there is no such row of this lead. */
export async function consentProof(
  tx: Queryable,
  leadId: string,
  id: string,
): Promise<(ConsentEntry & { proof: Record<string, unknown>; text: string | null }) | null> {
  const { rows } = await tx.query<ConsentEntry & { proof: Record<string, unknown>; text: string | null }>(
    `select ${columns}, proof,
            (select t -> 'texts' ->> text_version
               from document d cross join jsonb_array_elements(d.body -> 'topics') t
              where d.kind = 'topics' and d.key = 'default' and t ->> 'key' = topic and t -> 'texts' ? text_version
              order by d.created_at <= at desc, case when d.created_at <= at then d.version else -d.version end desc limit 1) as text
       from consent where id = $2 and lead_id = $1`,
    [leadId, id],
  );
  return rows[0] ?? null;
}
