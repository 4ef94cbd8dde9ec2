import { z } from 'zod';

const key = z.string().min(1).max(100);

/**
 * Who is to do or to hear something: `owner` (whoever has the lead: of its open opportunity, else of its company), `manager`, or the key of a
 * pool or of a rep; `{ pool: inside }` or `{ rep: ana }` where one key is both.
 */
export const recipient = z.union([key, z.strictObject({ pool: key }), z.strictObject({ rep: key })]);
export type RecipientDocument = z.infer<typeof recipient>;

/** The same, told apart. `named` is a pool if there is one of that key, else a rep. */
export type Recipient = { who: 'owner' | 'manager' } | { who: 'pool' | 'rep' | 'named'; key: string };

export function recipientOf(to: RecipientDocument): Recipient {
  if (typeof to === 'object') return 'pool' in to ? { who: 'pool', key: to.pool } : { who: 'rep', key: to.rep };
  return to === 'owner' || to === 'manager' ? { who: to } : { who: 'named', key: to };
}

export function recipientWords(to: RecipientDocument): string {
  if (typeof to === 'object') return 'pool' in to ? `the pool ${to.pool}` : to.rep;
  return to === 'owner' || to === 'manager' ? `the ${to}` : to;
}

/** Why nobody is meant by it, or null. Where reps are not known, every key may be one. */
export function unknownRecipient(
  to: RecipientDocument,
  { hasPool, hasRep = () => true }: { hasPool(key: string): boolean; hasRep?(key: string): boolean },
): string | null {
  const found = recipientOf(to);
  if (!('key' in found)) return null;
  const { who, key: named } = found;
  if (who !== 'rep' && hasPool(named)) return null;
  if (who !== 'pool' && hasRep(named)) return null;
  return who === 'named' ? `there is neither a pool nor a rep '${named}'` : `there is no ${who} '${named}'`;
}
