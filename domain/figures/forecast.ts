import { normalTail } from '../statistics.ts';

/** A deal that may be won: what it is worth and how likely that is. */
export interface Deal {
  amount: number;
  probability: number;
}

/** Many deals of which only the sums are known: Σp·a, Σp(1−p)·a², Σa. */
export interface Rest {
  mean: number;
  variance: number;
  total: number;
}

export interface Forecast {
  /** What all of them together are worth. */
  total: number;
  /** Σ probability × amount. */
  expected: number;
  /** Below this it comes with at most the probability left out on that side. */
  low: number;
  high: number;
}

/** How many of the greatest deals of a group are looked at one by one. */
export const SINGLE_DEALS = 64;
/** Four of five times what really comes lies within. */
export const FORECAST_CONFIDENCE = 0.8;

const CELLS = 4_096;
/** To a millionth of the whole. */
const HALVINGS = 20;
/** Sums of probabilities may fall short of their bound by this. */
const ROUNDING = 1e-9;
export const nothing: Rest = { mean: 0, variance: 0, total: 0 };

/** Two rests as one. */
export const together = (a: Rest, b: Rest): Rest => ({
  mean: a.mean + b.mean,
  variance: a.variance + b.variance,
  total: a.total + b.total,
});

/** Deals as a rest. */
export function restOf(deals: readonly Deal[]): Rest {
  return deals.reduce(
    (rest, { amount, probability: p }) => together(rest, { mean: p * amount, variance: p * (1 - p) * amount * amount, total: amount }),
    nothing,
  );
}

/**
 * What will come of deals that are won or lost independently of each other. The distribution of the greatest is convolved exactly, deal by deal
 * (the Poisson-binomial's recursion, R. E. Barlow and K. D. Heidtmann 1984, with amounts in place of ones; on a grid of 4,096 cells, the interval widened by what
 * rounding to it can come to); all the others, each of them small beside those, are normal by Lyapunov's theorem. Without others nothing is
 * approximated but the grid. The interval never leaves [0, total].
 */
export function forecast(deals: readonly Deal[], rest: Rest = nothing, confidence = FORECAST_CONFIDENCE): Forecast {
  const { mean: expected, total } = together(restOf(deals), rest);
  const tail = (1 - confidence) / 2;
  const unit = deals.reduce((sum, one) => sum + one.amount, 0) / CELLS || 1;
  const cells = deals.map(({ amount }) => Math.round(amount / unit));
  const chances = convolve(deals, cells);
  const offBy = (way: 1 | -1): number => deals.reduce((sum, { amount }, n) => sum + Math.max(0, way * (amount - cells[n]! * unit)), 0);
  const low = smallest(chances, unit, rest, tail) - offBy(-1);
  const high = smallest(chances, unit, rest, 1 - tail) + offBy(1);
  return { total, expected, low: Math.max(0, Math.min(low, expected)), high: Math.min(total, Math.max(high, expected)) };
}

/** The probability of each sum, in cells. */
function convolve(deals: readonly Deal[], cells: readonly number[]): Float64Array {
  const chances = new Float64Array(cells.reduce((sum, one) => sum + one, 1));
  chances[0] = 1;
  let top = 0;
  deals.forEach(({ probability }, n) => {
    const by = cells[n]!;
    if (by === 0) return;
    for (let cell = top; cell >= 0; cell--) {
      chances[cell + by]! += chances[cell]! * probability;
      chances[cell]! *= 1 - probability;
    }
    top += by;
  });
  return chances;
}

/** The smallest sum that is not exceeded with this probability. */
function smallest(chances: Float64Array, unit: number, rest: Rest, q: number): number {
  if (rest.variance <= 0) {
    let reached = 0;
    const cell = chances.findIndex((chance) => (reached += chance) >= q - ROUNDING);
    return (cell === -1 ? chances.length - 1 : cell) * unit + rest.mean;
  }
  const deviation = Math.sqrt(rest.variance);
  const reached = (sum: number): number =>
    chances.reduce(
      (all, chance, cell) => (chance === 0 ? all : all + chance * normalBelow((sum - cell * unit - rest.mean) / deviation)),
      0,
    );
  let [from, to] = [0, (chances.length - 1) * unit + rest.total];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (from + to) / 2;
    if (reached(middle) < q) from = middle;
    else to = middle;
  }
  return to;
}

/** The normal distribution at every hundredth from −8 to 8: asked for a hundred thousand times, and straight enough in between (off by 3e-6 at most). */
const normal = Float64Array.from({ length: 1_601 }, (_, n) => (n < 800 ? normalTail(8 - n / 100) : 1 - normalTail(n / 100 - 8)));

function normalBelow(z: number): number {
  if (z <= -8) return 0;
  if (z >= 8) return 1;
  const place = (z + 8) * 100;
  const below = Math.floor(place);
  return normal[below]! + (normal[below + 1]! - normal[below]!) * (place - below);
}
