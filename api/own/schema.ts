import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { OwnOpportunity, Whose } from '../../db/own.ts';
import type { Queryable } from '../../db/pool.ts';
import { findRep, type Rep } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import { opportunityStates } from '../opportunities/schema.ts';

const instant = z.iso.datetime();
const text = z.string().nullable();
export const named = z.object({ key: z.string(), name: z.string() });

export const ownOpportunity = z
  .object({
    id: z.uuid(),
    state: z.enum(opportunityStates),
    productLine: text,
    urgent: z.boolean(),
    owner: named.nullable().openapi({ description: 'To whom it is offered, or who has accepted it' }),
    message: text.openapi({ description: 'What they wrote in their latest form' }),
    people: z.array(z.object({ name: z.string(), title: text, email: text, phone: text, company: text, country: text })),
    nextLookAt: instant.nullable().openapi({ description: 'When it is reminded of next' }),
    returnAt: instant.nullable().openapi({ description: 'Until when a partner must have accepted it; then it goes back' }),
    createdAt: instant,
    offeredAt: instant.nullable(),
    acceptedAt: instant.nullable(),
    touchedAt: instant.nullable(),
    closedAt: instant.nullable(),
  })
  .openapi('OwnOpportunity');

/** What an opportunity looks like to those whose it is. */
export function shownOwn(found: OwnOpportunity): z.infer<typeof ownOpportunity> {
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    ...found,
    nextLookAt: iso(found.nextLookAt),
    returnAt: iso(found.returnAt),
    createdAt: found.createdAt.toISOString(),
    offeredAt: iso(found.offeredAt),
    acceptedAt: iso(found.acceptedAt),
    touchedAt: iso(found.touchedAt),
    closedAt: iso(found.closedAt),
  };
}

/** Whose things a key with the scope `own` shows. */
export function whoseOf(c: Context): Whose {
  const { rep, partner } = c.get('apiKey');
  return { rep, partner };
}

/** Who acts: the rep whose key it is; with a partner's key the rep it names, who must be one of the firm. Throws `invalid`. */
export async function actorOf(tx: Queryable, { rep, partner }: Whose, named: string | undefined): Promise<Rep> {
  const key = named ?? rep;
  const found = key === null ? null : await findRep(tx, key);
  if (found && (rep === null ? found.partner === partner : found.key === rep)) return found;
  const reason = key === null ? 'is missing: a key of a firm says who of it acts' : 'is nobody this key may act for';
  throw new TendrilError('invalid', 'It is not clear who acts', [{ path: 'rep', reason }]);
}
