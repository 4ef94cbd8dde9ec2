/** Three instants of a deal at which somebody held it. */
export const milestones = ['accepted', 'touched', 'won'] as const;
export type Milestone = (typeof milestones)[number];

/** What one rep had in a deal. */
export interface Part<Rep> {
  rep: Rep;
  held: Milestone[];
  /** Of the milestones whose holder is known, how many were theirs. All parts of a deal come to 1. */
  share: number;
  /** Their part of the amount, in whole cents; all parts come to the amount. */
  cents: number | null;
}

/**
 * Splits a deal among those who held it when it was accepted, first talked to and won: each milestone counts the same. What does not come out in
 * whole cents goes to whoever won it. In the order of their first milestone; no parts where nobody is known.
 */
export function partsOf<Rep>(holders: Readonly<Record<Milestone, Rep | null>>, cents: number | null): Part<Rep>[] {
  const known = milestones.filter((one) => holders[one] !== null);
  const reps = [...new Set(known.map((one) => holders[one]!))];
  const last = holders[known.at(-1) ?? 'won'];
  const parts = reps.map((rep): Part<Rep> => {
    const held = known.filter((one) => holders[one] === rep);
    const share = held.length / known.length;
    return { rep, held, share, cents: cents === null ? null : Math.floor((cents * held.length) / known.length) };
  });
  if (cents === null) return parts;
  const left = cents - parts.reduce((sum, part) => sum + part.cents!, 0);
  return parts.map((part) => (part.rep === last ? { ...part, cents: part.cents! + left } : part));
}
