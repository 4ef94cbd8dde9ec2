/** What a rep may have, that goes to somebody else when they leave. */
const handoverKinds = ['account', 'opportunity', 'task', 'sequence'] as const;
export type HandoverKind = (typeof handoverKinds)[number];

/** Who gets what belongs together: by whose word, or by which rule; of a routing rule, its key. */
export type HandoverBy = 'asked for' | 'with the rest' | 'account owner' | 'open opportunity' | 'stand-in' | `rule ${string}` | 'rotation';

/** Things that belong together, a company's or where there is none a lead's, as they stand before they go to somebody. Those who leave are nobody here. */
export interface Belongings {
  /** Id of the account, else of the lead. */
  what: string;
  /** Who has got something of it already, in this handing over. */
  before: string | null;
  /** Who has the account. */
  accountOwner: string | null;
  /** Who has accepted another opportunity of it, that is open. */
  alsoHas: string | null;
}

/**
 * Who gets these whatever the routing rules say: one rep for all that belongs together. Null: the rules are asked, and then whose turn it is.
 * `to`: who is to have everything; `standIn`: who stands in for the one who leaves, where they can.
 */
export function heirOf(
  { before, accountOwner, alsoHas }: Belongings,
  { to, standIn }: { to: string | null; standIn: string | null },
): { repId: string; by: HandoverBy } | null {
  if (to) return { repId: to, by: 'asked for' };
  if (before) return { repId: before, by: 'with the rest' };
  if (accountOwner) return { repId: accountOwner, by: 'account owner' };
  if (alsoHas) return { repId: alsoHas, by: 'open opportunity' };
  return standIn ? { repId: standIn, by: 'stand-in' } : null;
}
