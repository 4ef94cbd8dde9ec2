import type { Routed } from './route.ts';
import { routedFacts, routedWords } from './words.ts';

/** Where something goes, as far as a comparison looks at it. */
export interface Goal {
  rule: string;
  rep?: string;
  pool: string;
}

/** What other rules would have done with what was opened lately. */
export interface Trial {
  looked: number;
  /** How many would go to somebody else, into another queue, or into or out of the green channel. */
  changed: number;
  /** False where there was more than is looked at. */
  complete: boolean;
  /** Those that change, by where from and where to, the most first. */
  moves: { from: Goal; to: Goal; count: number }[];
  /** How many each would have got by the present rules and by the others. */
  rules: Share[];
  pools: Share[];
  reps: Share[];
  sample: { opportunityId: string; leadId: string; email: string | null; before: string; after: string; facts: string[] }[];
}

/** How many somebody, a pool or a rule would have got. */
export interface Share {
  key: string;
  before: number;
  after: number;
}

/** How many are shown, and how many of one move. */
const SHOWN = 20;
const OF_ONE = 3;
const MOVES = 100;

const goalOf = ({ rule, to }: Routed): Goal => ({ rule, ...to });
const elsewhere = (a: Routed, b: Routed): boolean =>
  JSON.stringify([a.to.rep, a.to.pool, a.skills, a.language, a.hold, a.vip !== undefined]) !==
  JSON.stringify([b.to.rep, b.to.pool, b.skills, b.language, b.hold, b.vip !== undefined]);

/** Counts what changes, one after another. */
export function createTally() {
  let looked = 0;
  let changed = 0;
  const moves = new Map<string, Trial['moves'][number]>();
  const shares = { rules: new Map<string, Share>(), pools: new Map<string, Share>(), reps: new Map<string, Share>() };
  const sample: Trial['sample'] = [];
  const count = (of: Map<string, Share>, key: string | undefined, side: 'before' | 'after'): void => {
    if (key === undefined) return;
    const share = of.get(key) ?? { key, before: 0, after: 0 };
    share[side]++;
    of.set(key, share);
  };
  return {
    add(one: { id: string; leadId: string; email: string | null }, before: Routed, after: Routed): void {
      looked++;
      for (const [side, routed] of [['before', before] as const, ['after', after] as const]) {
        count(shares.rules, routed.rule, side);
        count(shares.pools, routed.to.pool, side);
        count(shares.reps, routed.to.rep, side);
      }
      if (!elsewhere(before, after)) return;
      changed++;
      const [from, to] = [goalOf(before), goalOf(after)];
      const key = JSON.stringify([from, to]);
      const move = moves.get(key) ?? { from, to, count: 0 };
      move.count++;
      moves.set(key, move);
      if (sample.length < SHOWN && move.count <= OF_ONE)
        sample.push({
          opportunityId: one.id,
          leadId: one.leadId,
          email: one.email,
          before: routedWords(before),
          after: routedWords(after),
          facts: routedFacts(after),
        });
    },
    result: (complete: boolean): Trial => ({
      looked,
      changed,
      complete,
      moves: [...moves.values()].toSorted((a, b) => b.count - a.count).slice(0, MOVES),
      rules: sorted(shares.rules),
      pools: sorted(shares.pools),
      reps: sorted(shares.reps),
      sample,
    }),
  };
}

const sorted = (of: Map<string, Share>): Share[] => [...of.values()].toSorted((a, b) => b.after - a.after || (a.key < b.key ? -1 : 1));
