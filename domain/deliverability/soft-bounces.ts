/** So many mails refused for now within so long, none delivered since, and the address counts as dead. */
export const SOFT_BOUNCES = 3;
const SOFT_BOUNCES_WITHIN_MS = 30 * 86_400_000;

/** What a receiving server last said of one mail to an address: refused for now (and given up), or delivered. */
export interface Arrival {
  kind: 'blocked' | 'delivered';
  /** When, real milliseconds since the epoch. */
  atMs: number;
  /** Which mail; one that is told of twice, by a webhook and by a mail that came back, is refused once. */
  mail: string;
}

/**
 * Whether soft bounces have become a hard one: since the last delivery three mails were refused within 30 days. A law of the set, not of
 * the order in which it was told; a refusal at the very instant of a delivery comes after it.
 */
export function isDeadBySoftBounces(arrivals: readonly Arrival[]): boolean {
  const delivered = arrivals.reduce((last, { kind, atMs }) => (kind === 'delivered' ? Math.max(last, atMs) : last), -Infinity);
  const refused = new Map<string, number>();
  for (const { kind, atMs, mail } of arrivals)
    if (kind === 'blocked' && atMs >= delivered) refused.set(mail, Math.min(atMs, refused.get(mail) ?? Infinity));
  const inOrder = [...refused.values()].toSorted((a, b) => a - b);
  return inOrder.some((atMs, i) => i >= SOFT_BOUNCES - 1 && atMs - inOrder[i - SOFT_BOUNCES + 1]! <= SOFT_BOUNCES_WITHIN_MS);
}
