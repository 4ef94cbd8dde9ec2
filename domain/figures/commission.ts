/** Three instants of a deal at which somebody held it. */
const milestones = ['accepted', 'touched', 'won'] as const;
export type Milestone = (typeof milestones)[number];

/** Somebody accepted a deal, was handed it, or talked to them, at an instant (epoch ms); `rep` is null where nobody was named. */
export interface Answered {
  kind: 'accepted' | 'handed_over' | 'touched';
  at: number;
  rep: string | null;
}

/**
 * Who held a deal when it was first accepted, first talked to and won. Who talked without a name is whoever had it by then. `answered` is in the
 * order it came; `touchedAt` when the first talk was (epoch ms), null: there was none.
 */
export function holdersOf(answered: readonly Answered[], touchedAt: number | null, owner: string | null): Record<Milestone, string | null> {
  const taken = answered.filter((one) => one.kind !== 'touched' && one.rep !== null);
  const touched = answered.find((one) => one.kind === 'touched');
  const talkedAt = touchedAt ?? touched?.at ?? null;
  const holding = talkedAt === null ? undefined : (taken.findLast((one) => one.at <= talkedAt) ?? taken[0]);
  const accepted = taken.find((one) => one.kind === 'accepted');
  return { accepted: accepted?.rep ?? null, touched: touched?.rep ?? holding?.rep ?? null, won: owner };
}

/** What one rep had in a deal. */
export interface Part {
  rep: string;
  held: Milestone[];
  /** Of the milestones whose holder is known, how many were theirs. All parts of a deal come to 1. */
  share: number;
  /** Their part of the amount, in whole cents; all parts come to the amount. */
  cents: number | null;
}

/**
 * Splits a deal among those who held it: each milestone counts the same. What does not come out in whole cents goes to whoever held it last. In the
 * order of their first milestone; no parts where nobody is known.
 */
export function partsOf(holders: Readonly<Record<Milestone, string | null>>, cents: number | null): Part[] {
  const known = milestones.filter((one) => holders[one] !== null);
  const reps = [...new Set(known.map((one) => holders[one]!))];
  const last = holders[known.at(-1) ?? 'won'];
  const parts = reps.map((rep): Part => {
    const held = known.filter((one) => holders[one] === rep);
    return {
      rep,
      held,
      share: held.length / known.length,
      cents: cents === null ? null : Math.floor((cents * held.length) / known.length),
    };
  });
  if (cents === null) return parts;
  const left = cents - parts.reduce((sum, part) => sum + part.cents!, 0);
  return parts.map((part) => (part.rep === last ? { ...part, cents: part.cents! + left } : part));
}
