import type { WarmUp } from './document.ts';
import { shareOf } from './document.ts';

const DAY_MS = 86_400_000;
const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** The local date after this one. */
export const dayAfter = (date: string): string => new Date((dayNumber(date) + 1) * DAY_MS).toISOString().slice(0, 10);

/**
 * How many mails may leave on a local date: the start, grown by each day since, whole mails; null once the domain is warm. Before its first day a
 * domain has the first day's budget.
 */
export function budgetOn({ from, start, growth, until }: WarmUp, date: string): number | null {
  const days = Math.max(0, dayNumber(date) - dayNumber(from));
  const grown = Math.floor(start * (1 + shareOf(growth)) ** days + 1e-9);
  return grown >= until ? null : grown;
}
