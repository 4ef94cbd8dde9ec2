/** What a rep may have, that goes to somebody else when they leave. */
export const handoverKinds = ['account', 'opportunity', 'task', 'sequence'] as const;
export type HandoverKind = (typeof handoverKinds)[number];

/** Who gets what belongs together: by whose word, or by which rule. */
export type HandoverBy = 'asked for' | 'with the rest' | 'account owner' | 'stand-in' | 'rotation';

/** Things that belong together, a company's or where there is none a lead's, as they stand before they go to somebody. */
export interface Belongings {
  /** Id of the account, else of the lead. */
  what: string;
  /** Who has got something of it already, in this handing over. */
  before: string | null;
  /** Who has the account, is active, and is not the one who leaves. */
  accountOwner: string | null;
}

/**
 * Who gets these without its being anybody's turn: one rep for all that belongs together. Null: whoever is next in the pool's rotation.
 * `to`: who is to have everything; `standIn`: who stands in for the one who leaves, where they can.
 */
export function heirOf(
  { before, accountOwner }: Belongings,
  { to, standIn }: { to: string | null; standIn: string | null },
): { repId: string; by: HandoverBy } | null {
  if (to) return { repId: to, by: 'asked for' };
  if (before) return { repId: before, by: 'with the rest' };
  if (accountOwner) return { repId: accountOwner, by: 'account owner' };
  return standIn ? { repId: standIn, by: 'stand-in' } : null;
}
