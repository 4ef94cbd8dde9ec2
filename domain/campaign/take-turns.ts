import { plus } from '../calendar/duration.ts';
import { fullUntil, type Mailed, type Standing } from './caps.ts';
import type { Throttle } from './throttle.ts';
import type { Turn } from './turn.ts';

/** A marketing mail that a step would queue, and asks whether it may. */
export interface Asking {
  sendKey: string;
  enrolmentId: string;
  leadId: string;
  accountId: string | null;
  /** When it would leave. */
  dueAt: Date;
  /** When it may leave at or after an instant. */
  next(at: Date): Date;
  /** The lead's zone: its days and weeks. */
  zone: string;
}

/** What keeps marketing from a lead, whatever there is room for. */
export interface Barred {
  /** Paused; `until` null: until somebody says otherwise. `answered`: this campaign alone, since they answered it. */
  paused: { until: Date | null; answered?: boolean } | null;
  account: { because: 'complaint' | 'case'; until: Date | null } | null;
  /** Key of the campaign with a higher priority that has this lead. */
  higher: string | null;
}

/** What holds nobody up by an end that is known is looked at again this often; whatever ends it wakes the enrolment too. */
const LOOK_AGAIN = '1d';

/** Whether a lead gets no marketing now, and what holds it. From what concerns the person to what concerns this campaign. */
export function barred({ zone }: Pick<Asking, 'zone'>, { paused, account, higher }: Barred, now: Date): Turn | null {
  const later = (): Date => plus(now, LOOK_AGAIN, zone);
  if (paused) return { as: 'held', held: { by: paused.answered ? 'answered' : 'lead_paused' }, until: paused.until ?? later() };
  if (account) return { as: 'held', held: { by: 'account_paused', because: account.because }, until: account.until ?? later() };
  if (higher !== null) return { as: 'held', held: { by: 'priority', campaign: higher }, until: later() };
  return null;
}

/** How much room there is; counted under the guards, and counted on as room is given. */
export interface Room {
  limit: { max: number; overflow: 'wait' | 'drop' } | null;
  /** Enrolments of this campaign in outreach, by account. */
  outreach: Map<string, Set<string>>;
  caps: readonly Standing[];
  /** Marketing mails that have left or are to leave, by lead and by account. */
  mailed: Map<string, Mailed[]>;
  /** The workspace's zone: an account's days and weeks. */
  zone: string;
  campaignId: string;
  topic: string | null;
  throttle: Throttle | null;
}

/**
 * Gives mails their turns, in the order given: people of an account first, then a place in the throttle, then room under every cap at that
 * time. A mail that gets none takes none. Those that may leave when they would are not in the answer.
 */
export function takeTurns(asking: readonly Asking[], room: Room, now: Date): Map<string, Turn> {
  const turns = new Map<string, Turn>();
  for (const mail of asking) {
    const { turn, take } = turnOf(mail, room, now);
    take?.();
    if (turn) turns.set(mail.sendKey, turn);
  }
  return turns;
}

function turnOf(mail: Asking, room: Room, now: Date): { turn: Turn | null; take?: () => void } {
  const { limit, outreach, campaignId, topic } = room;
  const others = limit && mail.accountId !== null ? (outreach.get(mail.accountId) ?? new Set<string>()) : null;
  if (limit && others && !others.has(mail.enrolmentId) && others.size >= limit.max) {
    if (limit.overflow === 'drop') return { turn: { as: 'dropped', reason: 'account_limit' } };
    return { turn: { as: 'held', held: { by: 'account_limit', max: limit.max }, until: plus(now, LOOK_AGAIN, mail.zone) } };
  }
  const place = room.throttle?.find(mail.dueAt, (at) => mail.next(at)) ?? null;
  const at = place?.at ?? mail.dueAt;
  const full = fullCap(mail, at, room);
  if (full) {
    const { max, per, of, topic: about = null } = full.cap;
    return { turn: { as: 'held', held: { by: 'cap', max, per, of, topic: about }, until: full.until } };
  }
  return {
    turn: place && at > mail.dueAt ? { as: 'placed', at, rate: room.throttle!.rate } : null,
    take() {
      if (place) room.throttle!.take(place);
      if (others) outreach.set(mail.accountId!, others.add(mail.enrolmentId));
      for (const subject of [mail.leadId, mail.accountId]) if (subject !== null) mailedTo(room, subject).push({ at, campaignId, topic });
    },
  };
}

/** Of the caps that are full the one whose period ends last. */
function fullCap(mail: Asking, at: Date, room: Room): { cap: Standing['cap']; until: Date } | null {
  const full = room.caps.flatMap((standing) => {
    const { cap } = standing;
    const subject = cap.of === 'person' ? mail.leadId : mail.accountId;
    if (subject === null || (cap.topic !== undefined && cap.topic !== room.topic)) return [];
    const until = fullUntil(standing, mailedTo(room, subject), at, cap.of === 'person' ? mail.zone : room.zone);
    return until ? [{ cap, until }] : [];
  });
  return full.toSorted((a, b) => b.until.getTime() - a.until.getTime())[0] ?? null;
}

function mailedTo({ mailed }: Room, subject: string): Mailed[] {
  const found = mailed.get(subject) ?? [];
  mailed.set(subject, found);
  return found;
}
