import type { Campaign } from './document.ts';
import { outside } from './steps/notify.ts';

/**
 * The same campaign, but whatever it would tell an address or a URL of its own it mails to `address`: for a rehearsal, in which nobody
 * else is to hear of an invented lead.
 */
export function redirected(campaign: Campaign, address: string): Campaign {
  return { ...campaign, steps: turn(campaign.steps), ...(campaign.goal && { goal: { ...campaign.goal, then: turn(campaign.goal.then) } }) };

  function turn<T>(value: T): T {
    if (Array.isArray(value)) return value.map(turn) as T;
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, one]: [string, unknown]) => [key, key === 'notify' ? told(one) : turn(one)]);
    return Object.fromEntries(entries) as T;
  }

  function told(notify: unknown): unknown {
    const known = notify as { to?: unknown } | null;
    return typeof known?.to === 'string' && outside(known.to) ? { ...known, to: address } : notify;
  }
}
