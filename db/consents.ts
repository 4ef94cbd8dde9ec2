import type { ChangedLead } from './lead-changes.ts';
import type { Queryable } from './pool.ts';

/** A word on a topic that did not come by a form or a page. */
export interface ConsentWord {
  leadId: string;
  topic: string;
  granted: boolean;
  /** Where it comes from, e.g. the campaign and its step. */
  proof: Record<string, unknown>;
}

/**
 * Notes words on topics, the latest of a lead and topic where there are several; what is known already is not noted again. Under `lockLeads`; waking is
 * the caller's. Answers the leads for whom something is other than before.
 */
export async function noteConsents(tx: Queryable, source: string, words: readonly ConsentWord[]): Promise<ChangedLead[]> {
  const latest = [...new Map(words.map((word) => [`${word.leadId} ${word.topic}`, word])).values()];
  if (latest.length === 0) return [];
  const { rows } = await tx.query<ChangedLead>(
    `with noted as (
       insert into consent (lead_id, topic, granted, source, proof)
       select w.lead_id, w.topic, w.granted, $1, w.proof
         from unnest($2::uuid[], $3::text[], $4::boolean[], $5::jsonb[]) as w (lead_id, topic, granted, proof)
        where (select c.granted from consent c where c.lead_id = w.lead_id and c.topic = w.topic order by c.id desc limit 1) is distinct from w.granted
        order by w.lead_id
       returning lead_id)
     select distinct l.id, l.slot from lead l join noted n on n.lead_id = l.id`,
    [
      source,
      latest.map((word) => word.leadId),
      latest.map((word) => word.topic),
      latest.map((word) => word.granted),
      latest.map((word) => JSON.stringify(word.proof)),
    ],
  );
  return rows;
}
