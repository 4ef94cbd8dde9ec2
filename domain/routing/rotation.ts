/** A member of a rotation: what they are due (weights are relative) and what they were given since the shares last changed. */
export interface Member {
  id: string;
  weight: number;
  given: number;
}

export interface Rotation {
  members: readonly Member[];
  /** How many leads were given in all since the shares last changed. */
  given: number;
}

export interface Assigned {
  /** Who gets each of the leads, in order; null where nobody may. */
  to: (string | null)[];
  rotation: { members: Member[]; given: number };
}

/** Shares are quotients, so a member due exactly at the threshold may fall short of it by a rounding error. */
const ROUNDING = 1e-9;

/**
 * Gives `count` leads out by Tijdeman's chairman assignment (1980): after every single lead each of the n members is within
 * 1 − 1/(2n−2) of the share due, whatever the weights. Of those who are due, the one whose next lead is soonest overdue gets it.
 *
 * `eligible` may leave members out of single leads (an account's owner comes first; a rep has declined this one). Such a lead
 * counts like any other and the rotation makes up for it afterwards; for a while the bound may not hold. Where none of those
 * eligible is due, the one furthest behind gets it. Absent members are not in a rotation at all: see `restart`.
 */
export function assign(rotation: Rotation, count: number, eligible: (memberId: string, lead: number) => boolean = () => true): Assigned {
  const total = rotation.members.reduce((sum, member) => sum + member.weight, 0);
  const members = rotation.members.map((member) => ({ ...member }));
  const threshold = members.length > 1 ? 1 / (2 * members.length - 2) : 0;
  let { given } = rotation;
  const to: (string | null)[] = [];
  for (let lead = 0; lead < count; lead++) {
    const takers = members.filter((member) => eligible(member.id, lead));
    const taker = next(takers, given + 1, total, threshold);
    to.push(taker?.id ?? null);
    if (!taker) continue;
    taker.given++;
    given++;
  }
  return { to, rotation: { members, given } };
}

function next(takers: Member[], leads: number, total: number, threshold: number): Member | undefined {
  let soonest: Member | undefined;
  let deadline = Infinity;
  let behind: Member | undefined;
  let furthest = -Infinity;
  for (const member of takers) {
    const share = member.weight / total;
    const owed = leads * share - member.given;
    if (owed > furthest) [behind, furthest] = [member, owed];
    if (owed < threshold - ROUNDING) continue;
    const overdue = (1 - threshold - owed) / share;
    if (overdue < deadline) [soonest, deadline] = [member, overdue];
  }
  return soonest ?? behind;
}

/**
 * The rotation to go on with when these members take part, with these weights. While nobody comes, goes or changes weight it is the
 * one that stands; otherwise the counting starts again, so that who comes back from a holiday is not flooded with what went to others.
 */
export function restart(standing: Rotation, taking: readonly { id: string; weight: number }[]): Rotation {
  const before = new Map(standing.members.map((member) => [member.id, member]));
  const same = before.size === taking.length && taking.every(({ id, weight }) => before.get(id)?.weight === weight);
  return same ? standing : { members: taking.map((member) => ({ ...member, given: 0 })), given: 0 };
}

/** The furthest any member may be from the share due, after any lead: 1 − 1/(2n−2). */
export function bound(members: number): number {
  return members > 1 ? 1 - 1 / (2 * members - 2) : 0;
}
