import { partnerCard } from '../domain/routing/partner-card.ts';
import { whyHandedOver } from '../domain/routing/why.ts';
import { cardsOfLeads } from './cards.ts';
import type { Queryable } from './pool.ts';
import { queueSends } from './sends.ts';

/** A lead that has joined an open opportunity, and why it was handed over. */
export interface Joined {
  opportunityId: string;
  leadId: string;
  because: Record<string, unknown>;
}

interface Owner {
  opportunityId: string;
  epoch: number;
  id: string;
  name: string;
  timezone: string;
  partner: string | null;
  test: boolean;
}

/** Whoever has the opportunity hears that somebody more of the account is asking: a mail each, once for a lead. Those still in a queue hear by the card. */
export async function tellOwners(tx: Queryable, joined: readonly Joined[]): Promise<void> {
  if (joined.length === 0) return;
  const { rows } = await tx.query<Owner>(
    `select o.id as "opportunityId", o.epoch, r.id, r.name, r.timezone, r.partner, o.test from opportunity o join rep r on r.id = o.owner_rep_id
      where o.id = any($1::uuid[]) and o.closed_at is null`,
    [joined.map((one) => one.opportunityId)],
  );
  const owners = new Map(rows.map((owner) => [owner.opportunityId, owner]));
  const because = new Map(joined.map((one) => [one.leadId, one.because]));
  const cards = await cardsOfLeads(
    tx,
    joined.filter((one) => owners.has(one.opportunityId)),
  );
  await queueSends(
    tx,
    cards.map(({ opportunityId, leadId, ...joining }) => {
      const { id: repId, name, timezone, partner, epoch, test } = owners.get(opportunityId)!;
      const seen = { ...joining, because: because.get(leadId) ?? {} };
      const { because: told, routing: _, ...card } = partner ? partnerCard(seen) : seen;
      const why = whyHandedOver(card.source, told);
      return {
        sendKey: `${opportunityId}/${epoch}/joined-${leadId}`,
        class: 'internal',
        priority: 80,
        leadId,
        repId,
        opportunityId,
        template: 'rep-lead-joined',
        params: { rep: { name, timezone }, card: { ...card, why } },
        test,
      } as const;
    }),
  );
}
