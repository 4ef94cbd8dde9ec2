/** Somebody who may have a stand-in while away. */
export interface Standing {
  id: string;
  present: boolean;
  standInId: string | null;
}

/**
 * Who has what is this rep's by name: the rep while there, else the first in the chain of stand-ins who is there. Null where the chain ends
 * or comes back to where it was.
 */
export function standInFor<T extends Standing>(repId: string, reps: ReadonlyMap<string, T>): T | null {
  const seen = new Set<string>();
  for (let id: string | null = repId; id !== null && !seen.has(id); id = reps.get(id)?.standInId ?? null) {
    seen.add(id);
    const rep = reps.get(id);
    if (rep?.present) return rep;
  }
  return null;
}
