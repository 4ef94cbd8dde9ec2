import { impliedExpiry, type ImpliedRule } from '../domain/consent/due.ts';
import { consentGround, insertConsents, type NewConsent } from './consents.ts';
import type { Queryable } from './pool.ts';

/** An event that implies consent to a topic, as the statement that stores events finds it. `at` is an ISO instant. */
export interface Implied {
  leadId: string;
  topic: string;
  rule: Pick<ImpliedRule, 'event' | 'lasts' | 'as'>;
  eventId: string;
  at: string;
}

/** SQL: which of the events `given` (id, lead_id, name, at, properties) imply consent by the topics in force, as a JSON list of `Implied`; null where none does. */
export const impliedBy = (given: string): string => `(
  with rule as materialized (
    select t ->> 'key' as topic, i as rule, i ->> 'event' as event, coalesce(i -> 'where', '{}') as match
      from (select body from document where kind = 'topics' and key = 'default' order by version desc limit 1) d
      cross join jsonb_array_elements(d.body -> 'topics') t
      cross join jsonb_array_elements(t -> 'implied') i)
  select json_agg(json_build_object('leadId', g.lead_id, 'topic', r.topic, 'rule', r.rule, 'eventId', g.id, 'at', g.at) order by g.at)
    from rule r join ${given} g on g.lead_id is not null and g.name = r.event and g.properties @> r.match)`;

/**
 * Notes what events imply: consent for a while, the longest where several do. It renews one that was implied before, and stands behind what the
 * person said: it neither lifts a no nor limits a yes. Under `lockLeads`; who stored the events wakes.
 */
export async function noteImplied(tx: Queryable, implied: readonly Implied[]): Promise<void> {
  const ground = await consentGround(tx);
  const longest = new Map<string, NewConsent & { expiresAt: Date }>();
  for (const { leadId, topic, rule, eventId, at } of implied) {
    const expiresAt = impliedExpiry(rule, new Date(at));
    const before = longest.get(`${leadId} ${topic}`);
    if (expiresAt <= ground.now || (before && before.expiresAt >= expiresAt)) continue;
    const proof = { event: eventId, name: rule.event, at, lasts: rule.lasts };
    longest.set(`${leadId} ${topic}`, { leadId, topic, state: 'granted', source: 'event', basis: rule.as ?? rule.event, expiresAt, proof });
  }
  await insertConsents(tx, [...longest.values()], 'implied', ground);
}
