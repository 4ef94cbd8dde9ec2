import { type Plan, planOf, settled } from './make-up.ts';

/** A member of a rotation. */
export interface Member {
  id: string;
  /** What they are due; weights are relative. */
  weight: number;
  /** Leads given since the members or their weights last changed: for people to read. */
  given: number;
  /** Takes part in the plan: is there and may be given leads. */
  taking: boolean;
  /** The weight when the plan was made; null: has come since. */
  planned: number | null;
  /** How many leads behind their share they were when the plan was made; less than none: ahead. */
  owed: number;
  /** Leads given since the plan was made. */
  turns: number;
}

export interface Rotation {
  /** Everybody who has a share, those who are away too. */
  members: readonly Member[];
  /** How many leads were given in all since the members or their weights last changed. */
  given: number;
}

export interface Assigned {
  /** Who gets each of the leads, in order; null where nobody may. */
  to: (string | null)[];
  rotation: Rotation;
}

/** Shares are quotients, so a member due exactly at the threshold may fall short of it by a rounding error. */
const ROUNDING = 1e-9;

/**
 * Gives `count` leads out by Tijdeman's chairman assignment (1980): after every single lead each of the n members who take part is within
 * 1 − 1/(2n−2) of what the plan says, whatever the weights. Of those who are due, the one whose next lead is soonest overdue gets it. The
 * plan is their share; where absence, capacity or exclusions have put somebody behind it makes up for that within six leads for each member (make-up.ts).
 *
 * `eligible` may leave members out of single leads (an account's owner comes first; a rep has declined this one). Where that changes who
 * gets the lead, it goes to whoever of the others is due next, and a new plan makes up for it.
 */
export function assign(rotation: Rotation, count: number, eligible: (memberId: string, lead: number) => boolean = () => true): Assigned {
  const turns = takeTurns(rotation);
  const to = Array.from({ length: count }, (_, lead) => turns.next((id) => eligible(id, lead)));
  return { to, rotation: turns.rotation() };
}

/** A rotation while leads are given out: it keeps its own count. */
export interface Turns {
  /** Gives the next lead to one of those who take part and may have it; null where nobody may. */
  next(may: (id: string) => boolean): string | null;
  /** Counts a lead that a member gets whoever is next, whether they take part or not. */
  count(id: string): void;
  /** From here on these take part, whoever did before. */
  taking(is: (id: string) => boolean): void;
  /** How a member stands now: their part of all leads (0-1), how many they were given, how many they are behind. */
  standing(id: string): { share: number; given: number; behind: number };
  rotation(): Rotation;
}

export function takeTurns(standing: Rotation): Turns {
  let members = standing.members.map((member) => ({ ...member }));
  let { given } = standing;
  let plan = planOf(members);

  function note(id: string, inTurn: boolean): void {
    const member = members.find((one) => one.id === id)!;
    member.given++;
    member.turns++;
    given++;
    if (inTurn) plan.leads++;
    else replan(members);
  }

  function replan(from: Member[]): void {
    members = settled(from);
    plan = planOf(members);
  }

  return {
    next(may) {
      const first = due(members, plan, () => true);
      const taker = first === undefined || may(first.id) ? first : due(members, plan, may);
      if (!taker) return null;
      note(taker.id, taker === first);
      return taker.id;
    },
    count: (id) => note(id, due(members, plan, () => true)?.id === id),
    taking(is) {
      if (members.some((one) => one.taking !== is(one.id))) replan(members.map((one) => ({ ...one, taking: is(one.id) })));
    },
    standing(id) {
      const member = members.find((one) => one.id === id)!;
      const share = member.weight / members.reduce((sum, one) => sum + one.weight, 0);
      const turns = members.reduce((sum, one) => sum + one.turns, 0);
      return { share, given: member.given, behind: member.owed + share * turns - member.turns };
    },
    rotation: () => ({ members, given }),
  };
}

/** The rotation to go on with when these take part, at these weights: the plan that stands while it is the same people at the same weights. */
export function planned(standing: Rotation, takes: (id: string) => boolean): Rotation {
  const same = standing.members.every((member) => member.planned === member.weight && member.taking === takes(member.id));
  if (same) return standing;
  return { given: standing.given, members: settled(standing.members.map((member) => ({ ...member, taking: takes(member.id) }))) };
}

/**
 * The rotation after leads were found to be nobody's: rejected for a cause that is not the rep's. They count for nobody, so that
 * whoever had one is due another, and the others a little less. Those who are no members any more are passed over.
 */
export function credited(standing: Rotation, credits: readonly { id: string; leads: number }[]): Rotation {
  const back = new Map(credits.map(({ id, leads }) => [id, leads]));
  const found = standing.members.filter(({ id }) => back.has(id));
  if (found.length === 0) return standing;
  const total = found.reduce((sum, { id }) => sum + back.get(id)!, 0);
  const members = standing.members.map((member) => {
    const leads = back.get(member.id) ?? 0;
    return { ...member, given: Math.max(0, member.given - leads), turns: member.turns - leads };
  });
  return { given: Math.max(0, standing.given - total), members: settled(members) };
}

function due(members: readonly Member[], { of, leads, threshold }: Plan, may: (id: string) => boolean): Member | undefined {
  let soonest: Member | undefined;
  let deadline = Infinity;
  let behind: Member | undefined;
  let furthest = -Infinity;
  for (const member of members) {
    if (!member.taking || !may(member.id)) continue;
    const course = of.get(member.id)!;
    const owed = course.by(leads + 1) - member.turns;
    if (owed > furthest) [behind, furthest] = [member, owed];
    if (owed < threshold - ROUNDING) continue;
    const overdue = course.when(1 - threshold + member.turns);
    if (overdue < deadline) [soonest, deadline] = [member, overdue];
  }
  return soonest ?? behind;
}

/** The furthest any member may be from what the plan says, after any lead: 1 − 1/(2n−2). */
export function bound(members: number): number {
  return members > 1 ? 1 - 1 / (2 * members - 2) : 0;
}
