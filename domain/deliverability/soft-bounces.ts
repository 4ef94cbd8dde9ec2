/** So many mails refused for now, one after the other, within so long, and the address counts as dead. */
export const SOFT_BOUNCES = 3;
export const SOFT_BOUNCES_WITHIN_MS = 30 * 86_400_000;

/** What a receiving server last said of one mail to an address: refused for now (and given up), or delivered. */
export interface Arrival {
  kind: 'blocked' | 'delivered';
  /** When, real milliseconds since the epoch. */
  atMs: number;
  /** Which mail; one that is told of twice, by a webhook and by a mail that came back, is refused once. */
  mail: string;
}

/**
 * Whether soft bounces have become a hard one: three mails refused within 30 days and none delivered between them. A law of the set, not of
 * the order in which it was told; a delivery at the very instant of a refusal comes before it.
 */
export function isDeadBySoftBounces(arrivals: readonly Arrival[]): boolean {
  const refused = new Map<string, number>();
  for (const { kind, atMs, mail } of arrivals.toSorted((a, b) => a.atMs - b.atMs || rank(a) - rank(b))) {
    if (kind === 'delivered') refused.clear();
    else if (!refused.has(mail)) refused.set(mail, atMs);
    const first = [...refused.values()].at(-SOFT_BOUNCES);
    if (first !== undefined && atMs - first <= SOFT_BOUNCES_WITHIN_MS) return true;
  }
  return false;
}

const rank = ({ kind }: Arrival): number => (kind === 'delivered' ? 0 : 1);
