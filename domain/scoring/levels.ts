/** A level of engagement: reached at `up` points or more, left below `down` points; in between it is kept. */
export interface Level {
  key: string;
  up: number;
  down: number;
}

/** The level below the first. */
export const COLD = 'cold';

/** The level held at this engagement by one who stood at `level` before. A level the model no longer has counts as cold. */
export function nextLevel(levels: readonly Level[], level: string, engagement: number): string {
  let rank = rankOf(levels, level);
  while (rank < levels.length && engagement >= levels[rank]!.up) rank++;
  while (rank > 0 && engagement < levels[rank - 1]!.down) rank--;
  return rank === 0 ? COLD : levels[rank - 1]!.key;
}

/** How far up a level is: 0 is cold. */
export const rankOf = (levels: readonly Level[], level: string): number => levels.findIndex(({ key }) => key === level) + 1;

/** Engagement may move within [floor, ceiling) without anything changing. */
export interface Band {
  floor: number;
  ceiling: number;
}

/**
 * The band within which the level is kept and no value of `watched` is crossed: the numbers that conditions compare
 * engagement with, without hysteresis. 0 is no edge: fading only ever tends to it.
 */
export function bandOf(levels: readonly Level[], level: string, engagement: number, watched: readonly number[] = []): Band {
  const rank = rankOf(levels, level);
  const edges = watched.filter((value) => value !== 0);
  return {
    floor: Math.max(levels[rank - 1]?.down ?? -Infinity, ...edges.filter((value) => value <= engagement)),
    ceiling: Math.min(levels[rank]?.up ?? Infinity, ...edges.filter((value) => value > engagement)),
  };
}
