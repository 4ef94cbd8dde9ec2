import type { Hit } from './hit.ts';

type Done = Pick<Hit, 'id' | 'kind' | 'link'> & { at: Date };

/** What a person does again within so long, of workspace time, is done once. */
const ONCE_MS = 60_000;

/** Those of a person's new hits on one mail that count, given those that have counted before; repetitions of either do not. */
export function countable<T extends Done>(before: readonly Done[], hits: readonly T[]): T[] {
  const counted: Done[] = [...before];
  const inOrder = hits.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  return inOrder.filter((hit) => {
    const again = counted.some(
      (one) => one.kind === hit.kind && one.link === hit.link && Math.abs(one.at.getTime() - hit.at.getTime()) < ONCE_MS,
    );
    if (!again) counted.push(hit);
    return !again;
  });
}
