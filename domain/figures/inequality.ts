/** What somebody was given, and the share they are due (relative, above 0). */
export interface Given {
  amount: number;
  weight: number;
}

/**
 * How far from fair a distribution is: Gini's coefficient of amount per share due, each counting by their share (C. Gini, 1912; as twice the area
 * between the Lorenz curve and the diagonal). 0: everybody was given exactly their share; towards 1: the smallest has it all. Null where nothing was given, or there
 * are not two to compare.
 */
export function gini(given: readonly Given[]): number | null {
  const amounts = sum(given.map((one) => one.amount));
  const weights = sum(given.map((one) => one.weight));
  if (given.length < 2 || amounts <= 0) return null;
  const poorestFirst = given.toSorted((a, b) => a.amount / a.weight - b.amount / b.weight);
  let below = 0;
  let area = 0;
  for (const { amount, weight } of poorestFirst) {
    area += (weight / weights) * ((2 * below + amount) / amounts);
    below += amount;
  }
  return Math.min(1, Math.max(0, 1 - area));
}

/** How far it is in few hands: the sum of the squared shares (O. Herfindahl, 1950), 1/n where n have the same, 1 where one has it all. Null where there is nothing. */
export function herfindahl(amounts: readonly number[]): number | null {
  const total = sum(amounts);
  return total > 0 ? sum(amounts.map((one) => (one / total) ** 2)) : null;
}

const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
