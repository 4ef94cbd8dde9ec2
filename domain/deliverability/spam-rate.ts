import { interval } from '../statistics.ts';
import { type DeliverabilityDocument, shareOf } from './document.ts';

/** Complaints and delivered mails of one of our domains in a stretch of time. */
export interface Complaints {
  complaints: number;
  delivered: number;
}

export type SpamVerdict = 'fine' | 'warn' | 'pause';

/** How sure one must be that the true share is above the level that warns: one of fifty says nothing. */
const CONFIDENCE = 0.8;

/**
 * What the complaints of a domain call for. It is paused where there are at least so many complaints as the rules ask for, their share is at the level that
 * pauses, and the true share is above the level that warns as surely as Wilson's interval can tell; warned of at half as many complaints (at
 * least two) and the share that warns.
 */
export function judgeSpam({ complaints, delivered }: Complaints, { warn, pause, atLeast }: DeliverabilityDocument['spam']): SpamVerdict {
  const n = Math.max(delivered, complaints);
  const share = n === 0 ? 0 : complaints / n;
  const surely = interval({ n, successes: complaints }, CONFIDENCE).low > shareOf(warn);
  if (complaints >= atLeast && share >= shareOf(pause) && surely) return 'pause';
  return complaints >= Math.min(Math.max(2, Math.ceil(atLeast / 2)), atLeast) && share >= shareOf(warn) ? 'warn' : 'fine';
}

/** The graver of two. */
export const graver = (a: SpamVerdict, b: SpamVerdict): SpamVerdict => {
  const order: SpamVerdict[] = ['fine', 'warn', 'pause'];
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
};
