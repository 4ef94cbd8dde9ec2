import type { Hit } from './hit.ts';

type Click = Pick<Hit, 'id' | 'link' | 'position' | 'atMs'>;

/** Two different links within so long, and three within so long: nobody reads a page that fast. */
const TWO_MS = 1_000;
const THREE_MS = 10_000;

/** Clicks on different links of one mail that came together, by id. */
export function sweeps(clicks: readonly Click[]): Set<string> {
  const inOrder = clicks.toSorted((a, b) => a.atMs - b.atMs);
  const found = new Set<string>();
  const mark = (within: readonly Click[], links: number): void => {
    if (new Set(within.map(({ link }) => link)).size >= links) for (const { id } of within) found.add(id);
  };
  for (const [i, { atMs }] of inOrder.entries()) {
    const from = (length: number): Click[] => {
      const rest = inOrder.slice(i);
      const end = rest.findIndex((one) => one.atMs > atMs + length);
      return end === -1 ? rest : rest.slice(0, end);
    };
    mark(from(TWO_MS), 2);
    mark(from(THREE_MS), 3);
  }
  return found;
}

/** So many neighbouring links, one after the other, within so long. */
const STEPS = 4;
const SEQUENCE_MS = 60_000;

/** Clicks that went through neighbouring links of the mail one by one, down or up, by id. */
export function sequences(clicks: readonly Click[]): Set<string> {
  const placed = clicks.filter((one): one is Click & { position: number } => one.position !== null).toSorted((a, b) => a.atMs - b.atMs);
  const found = new Set<string>();
  for (const [i, first] of placed.entries()) {
    const window = placed.slice(i).filter(({ atMs }) => atMs <= first.atMs + SEQUENCE_MS);
    for (const direction of [1, -1]) {
      let last = first;
      let steps = 1;
      for (const one of window) {
        if (steps === STEPS || one.position !== last.position + direction || one.atMs <= last.atMs) continue;
        last = one;
        steps++;
      }
      if (steps < STEPS) continue;
      const places = new Set(Array.from({ length: STEPS }, (_, n) => first.position + direction * n));
      for (const { id, position } of window) if (places.has(position)) found.add(id);
    }
  }
  return found;
}
