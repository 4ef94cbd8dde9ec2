import { CALLED, latestMessage } from './person.ts';
import type { Queryable } from './pool.ts';

/** A lead as it is shown to a salesperson. */
export interface Card {
  opportunityId: string;
  leadId: string;
  name: string;
  title: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  country: string | null;
  domain: string | null;
  /** A-D, and the engagement rounded; null while there is no score. */
  fit: string | null;
  engagement: number | null;
  level: string | null;
  /** What they wrote in their latest form. */
  message: string | null;
  source: 'form' | 'campaign' | 'score' | 'api';
  because: Record<string, unknown>;
  productLine: string | null;
  /** What the routing rules decided, as `asRouted` reads it. */
  routing: unknown;
  /** How many more people of the account are on the opportunity. */
  others: number;
}

/** The cards of these opportunities, each by its first lead; one statement. */
export async function cardsOf(tx: Queryable, opportunityIds: readonly string[]): Promise<Map<string, Card>> {
  const { rows } = await tx.query<Card>(`${select} join lead l on l.id = o.lead_id ${around} where o.id = any($1::uuid[])`, [
    opportunityIds,
  ]);
  return new Map(rows.map((card) => [card.opportunityId, card]));
}

/** The cards of these leads, on these opportunities; in no order. */
export async function cardsOfLeads(tx: Queryable, pairs: readonly { opportunityId: string; leadId: string }[]): Promise<Card[]> {
  const { rows } = await tx.query<Card>(
    `${select} join unnest($1::uuid[], $2::uuid[]) as pair (opportunity_id, lead_id) on pair.opportunity_id = o.id join lead l on l.id = pair.lead_id ${around}`,
    [pairs.map((pair) => pair.opportunityId), pairs.map((pair) => pair.leadId)],
  );
  return rows;
}

const select = `select o.id as "opportunityId", l.id as "leadId",
    ${CALLED} as name,
    l.title, l.email, l.phone, coalesce(a.name, l.company, a.domain) as company, coalesce(l.country, a.country) as country, a.domain,
    s.fit, round(s.engagement)::int as engagement, s.level, m.message, o.source, o.because, o.routing, nullif(o.product_line, '') as "productLine",
    (select count(*)::int - 1 from opportunity_lead ol where ol.opportunity_id = o.id) as others
  from opportunity o`;
const around = `left join account a on a.id = o.account_id
  left join lead_score s on s.lead_id = l.id
  ${latestMessage('l.id')}`;
