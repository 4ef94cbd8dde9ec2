import type { Member } from './rotation.ts';

/**
 * What absence, capacity and exclusions distort is made up for, gently. What somebody is behind or ahead is a number of leads; who is
 * away falls behind. While it is made up for, who is ahead gets at least half of their usual share and who is behind at most
 * double, so that nobody is starved and who comes back is not flooded. No more is kept than can be made up for so within MOST_OWED / SLOWEST leads of the
 * pool for each member: the rest of a long absence is forgiven.
 */

/** The most anybody is owed, or is ahead, in leads of a member with an average share. */
const MOST_OWED = 3;
/** Who is ahead gets at least this part of their share; who is behind at most their share and as much again. */
const SLOWEST = 0.5;

/** How many leads a member should have by when. */
interface Course {
  /** By the time so many leads were given. */
  by(leads: number): number;
  /** How many leads will have been given when they should have so many. */
  when(due: number): number;
}

/** Who should have how many by when, from the instant it was made. */
export interface Plan {
  of: ReadonlyMap<string, Course>;
  /** Leads given by it so far. */
  leads: number;
  /** Of those who take part, who is due by less waits. */
  threshold: number;
}

const NOTHING = 1e-9;

/** The plan that a rotation is in: those who take part share the leads by weight, and make up for what is owed among themselves. */
export function planOf(members: readonly Member[]): Plan {
  const taking = members.filter((member) => member.taking);
  const total = sum(taking.map(weightOf));
  const owed = sum(taking.map((member) => member.owed));
  const parts = taking.map((member) => {
    const share = weightOf(member) / total;
    // What those who are away are owed is not made up for without them: each of the others is ahead by their share of it.
    const extra = member.owed - share * owed;
    return { id: member.id, share, extra: Math.abs(extra) < NOTHING ? 0 : extra };
  });
  const length = Math.ceil(Math.max(0, ...parts.map(({ share, extra }) => (extra < 0 ? -extra / SLOWEST : extra) / share)) - NOTHING);
  return {
    of: new Map(parts.map(({ id, share, extra }) => [id, course(share, extra, length)])),
    leads: sum(taking.map((member) => member.turns)),
    threshold: taking.length > 1 ? 1 / (2 * taking.length - 2) : 0,
  };
}

function course(share: number, extra: number, length: number): Course {
  const pace = share + (length > 0 ? extra / length : 0);
  const reached = pace * length;
  return {
    by: (leads) => (leads < length ? pace * leads : share * leads + extra),
    when: (due) => (due < reached ? due / pace : (due - extra) / share),
  };
}

/** The same people with what each is owed by now and no turns: where a new plan begins. Weights changed since hold from here on. */
export function settled(members: readonly Member[]): Member[] {
  const shared = members.filter((member) => member.planned !== null);
  const before = sum(shared.map(weightOf));
  const leads = sum(members.map((member) => member.turns));
  const total = sum(members.map((member) => member.weight));
  const claims = members.map((member) => {
    const share = member.planned === null ? 0 : weightOf(member) / before;
    return { owed: member.owed + share * leads - member.turns, share: member.weight / total };
  });
  const owed = forgiven(claims);
  return members.map((member, n) => ({ ...member, planned: member.weight, owed: owed[n]!, turns: 0 }));
}

const weightOf = ({ planned, weight }: Member): number => planned ?? weight;

/**
 * What remains of what is owed: nobody more than the most, either way, and in all nothing, for each lead that one has not had another has.
 * What is forgiven one is taken from all by their shares, so that those who are nearer keep their distances.
 */
function forgiven(claims: readonly { owed: number; share: number }[]): number[] {
  const most = ({ share }: { share: number }) => MOST_OWED * claims.length * share;
  const less = (shift: number) => claims.map((claim) => Math.min(most(claim), Math.max(-most(claim), claim.owed - shift * claim.share)));
  const asItIs = less(0);
  if (Math.abs(sum(asItIs)) < NOTHING) return asItIs;
  const inShares = claims.map(({ owed, share }) => owed / share);
  let low = Math.min(...inShares) - MOST_OWED * claims.length;
  let high = Math.max(...inShares) + MOST_OWED * claims.length;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (sum(less(middle)) > 0) low = middle;
    else high = middle;
  }
  return less(low);
}

/** Halvings: beyond these there is nothing left between two doubles. */
const STEPS = 64;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
