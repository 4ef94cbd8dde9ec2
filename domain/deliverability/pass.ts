import type { DayGate } from './day-gate.ts';
import type { RateGate } from './rate-gate.ts';

/** A mail that may leave as far as it goes itself, before the gates. */
export interface AtGate {
  id: string;
  priority: number;
  /** When it was to leave. */
  dueAt: Date;
  /** Our domain takes no marketing through at the moment. */
  paused: boolean;
  /** The warming domain it leaves from; null: warm. `always`: is counted, never held. */
  warmUp: { domain: string; always: boolean } | null;
  /** Key of the provider's rate; null: none. */
  rate: string | null;
  /** What an earlier look gave it. */
  place: Place | null;
}

/** What a mail has been given: a day of a warming domain (`gone`: it is counted there), a time at a provider's gate. */
export interface Place {
  domain: string | null;
  day: string | null;
  gone: boolean;
  rate: string | null;
}

export type HeldBy = 'warm_up' | 'provider_throttle' | 'domain_paused';

export type Passage = { id: string; place: Place | null } & ({ go: true } | { go: false; by: HeldBy; dueAt: Date });

/** A paused domain is looked at again so often; resuming it lets its mails go at once. */
const PAUSED_LOOK_MS = 86_400_000;

/**
 * Which of these mails may leave now, and when the others come again: each exactly once, in one of both. Those of a higher priority first, then who was put
 * off before, then who was due first. The gates are changed on the way; a mail that one gate holds is charged by none.
 */
export function pass(
  mails: readonly AtGate[],
  gates: { days: ReadonlyMap<string, DayGate>; rates: ReadonlyMap<string, RateGate> },
  now: Date,
): Passage[] {
  return mails.toSorted(byRank).map((mail) => passOne(mail, gates, now));
}

function passOne(mail: AtGate, gates: Parameters<typeof pass>[1], now: Date): Passage {
  const { id, priority, place } = mail;
  if (mail.paused) return { id, go: false, by: 'domain_paused', dueAt: new Date(now.getTime() + PAUSED_LOOK_MS), place };

  const domain = mail.warmUp?.domain ?? null;
  const day = domain === null ? undefined : gates.days.get(domain);
  const given = place && place.day !== null && place.domain === domain ? { day: place.day, gone: place.gone } : null;
  const asksDay = { priority, always: mail.warmUp?.always ?? false, place: given };
  if (day && !day.lets(asksDay)) {
    const put = day.putOff(asksDay);
    return { id, go: false, by: 'warm_up', dueAt: put.dueAt, place: { domain, day: put.day, gone: false, rate: null } };
  }

  const rate = mail.rate === null ? undefined : gates.rates.get(mail.rate);
  const asksRate = { priority, returning: place !== null && place.rate !== null && place.rate === mail.rate };
  if (rate && !rate.lets(asksRate)) {
    const kept = day ? { domain, ...day.keep(asksDay) } : { domain: null, day: null, gone: false };
    return { id, go: false, by: 'provider_throttle', dueAt: rate.putOff(asksRate), place: { ...kept, rate: mail.rate } };
  }

  day?.charge(asksDay);
  rate?.charge();
  return { id, go: true, place: day ? { domain, day: day.today, gone: true, rate: null } : null };
}

const byRank = (a: AtGate, b: AtGate): number =>
  b.priority - a.priority ||
  Number(b.place !== null) - Number(a.place !== null) ||
  a.dueAt.getTime() - b.dueAt.getTime() ||
  (a.id < b.id ? -1 : Number(a.id > b.id));
