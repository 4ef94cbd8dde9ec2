import { z } from 'zod';
import { duration, lengthMs, pause } from '../calendar/duration.ts';
import type { Calendar } from '../calendar/calendar.ts';
import { nextOpen, type Hours } from '../calendar/hours.ts';
import { addDates, dateAt, startOf } from '../calendar/zoned.ts';
import { share } from '../campaign/holdout.ts';

const key = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,99}$/, 'is not a key such as ana or inside');
const word = z.string().trim().min(1).max(200);

/** The most somebody is given: so many open opportunities at a time, so many leads on a day of theirs. */
export const capacity = z
  .strictObject({ open: z.int().min(1).max(100_000).optional(), perDay: z.int().min(1).max(100_000).optional() })
  .refine((given) => given.open !== undefined || given.perDay !== undefined, { error: 'limits nothing: leave it out' });
export type Capacity = z.infer<typeof capacity>;

/** What a rep is to the rotation, beside who they are. */
export const repTraits = {
  /** What they can do, as routing rules ask for it. */
  skills: z.array(word).max(50).default([]),
  /** What they speak, as routing rules ask for it: `de`. */
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/, 'is no language: write its code, such as de'))
    .max(50)
    .default([]),
  /** Who gets what is theirs by name while they are away. */
  standIn: key.nullable().default(null),
  capacity: capacity.nullable().default(null),
  /** The firm they belong to, where it is not ours. */
  partner: word.nullable().default(null),
};

export const member = z.strictObject({ rep: key, weight: z.number().positive().max(1_000).default(1), capacity: capacity.optional() });

/** How a pool gives its leads out. */
export const poolSettings = z.strictObject({
  /** `open`: only to those who are within their working hours; `always`: to whoever is not away. */
  when: z.enum(['always', 'open']).default('always'),
  /** What nobody may take waits until somebody is in, at most so long; then it goes to the pool named, or to whoever is there. */
  hold: z.strictObject({ atMost: pause, then: key.optional() }).optional(),
  /** Who joins the pool begins with this part of their share and has all of it after so long. */
  ramp: z.strictObject({ from: share, over: duration }).optional(),
  /** The pool is another firm's: what is passed to it and not accepted in time comes back to the pool it came from. */
  partner: z.strictObject({ name: word, returnAfter: pause }).optional(),
});
export type PoolSettings = z.infer<typeof poolSettings>;

/** Who shares the leads of a pool, and how. */
export const poolBody = z.strictObject({
  name: z.string().min(1).max(200),
  ...poolSettings.shape,
  members: z
    .array(member)
    .max(500)
    .refine((members) => new Set(members.map(({ rep }) => rep)).size === members.length, { error: 'names a rep twice' }),
});
export type PoolBody = z.infer<typeof poolBody>;

const DAY = 24 * 3_600_000;

/** The weight by which a member is due at an instant: who joined a pool with a ramp grows into it, day by day. */
export function weightAt({ weight, joinedAt }: { weight: number; joinedAt: Date | null }, ramp: PoolSettings['ramp'], now: Date): number {
  if (!ramp || !joinedAt) return weight;
  const from = Number.parseFloat(ramp.from) / 100;
  const days = Math.max(0, Math.floor((now.getTime() - joinedAt.getTime()) / DAY));
  return weight * Math.min(1, from + (1 - from) * Math.min(1, (days * DAY) / Math.max(lengthMs(ramp.over), 1)));
}

/** Why a member may not be given leads for now. */
export type Absence = 'away' | 'full' | 'full_today' | 'hours';

/** What is known of somebody's time and load. */
export interface Load {
  timezone: string;
  hours: Hours | null;
  present: boolean;
  /** Null while not present: nobody knows. */
  absentTo: Date | null;
  /** How many more may be open, and be given today; Infinity without a limit. */
  roomOpen: number;
  roomToday: number;
}

/**
 * Whether somebody may be given leads, and if not why and from when on: null where no clock says it. Working hours count only where the
 * pool gives to those at work alone.
 */
export function inOrNot(load: Load, when: PoolSettings['when'], calendar: Calendar, now: Date): { why: Absence; from: Date | null } | null {
  if (!load.present) return { why: 'away', from: load.absentTo && opening(load, when, calendar, load.absentTo) };
  if (load.roomOpen <= 0) return { why: 'full', from: null };
  const isOpen = opening(load, when, calendar, now)?.getTime() === now.getTime();
  if (isOpen && load.roomToday > 0) return null;
  const from = opening(load, when, calendar, load.roomToday > 0 ? now : tomorrow(now, load.timezone));
  return { why: isOpen ? 'full_today' : 'hours', from };
}

function opening({ hours, timezone }: Load, when: PoolSettings['when'], calendar: Calendar, at: Date): Date | null {
  if (when === 'always') return at;
  try {
    return nextOpen(at, hours ?? calendar.hours, timezone, calendar.holidays);
  } catch (error) {
    // Hours and holidays that leave nothing open: they never come in, and nobody else is to suffer for it.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const tomorrow = (now: Date, zone: string): Date => startOf(dateAt(addDates(now, { days: 1 }, zone), zone), zone);

/** Something a pool names that is not there, or does not go with it. */
export interface PoolFault {
  path: string;
  reason: string;
  mend: string;
}

/** What is wrong with a pool among these reps (by key, with their firm) and pools. */
export function poolFaults(
  pool: PoolBody & { key: string },
  reps: ReadonlyMap<string, { partner: string | null }>,
  pools: ReadonlySet<string>,
): PoolFault[] {
  const faults = pool.members.flatMap(({ rep }, n): PoolFault[] => {
    const found = reps.get(rep);
    const path = `members.${n}.rep`;
    if (!found) return [{ path, reason: `there is no rep '${rep}'`, mend: 'put the rep first, or name one who is there' }];
    if (found.partner === (pool.partner?.name ?? null)) return [];
    const whose = found.partner === null ? 'is one of us' : `belongs to ${found.partner}`;
    const mend = pool.partner ? `say partner: ${pool.partner.name} of this rep` : 'a pool of our own has only our own people';
    return [{ path, reason: `'${rep}' ${whose}`, mend }];
  });
  const then = pool.hold?.then;
  if (then === pool.key) faults.push({ path: 'hold.then', reason: 'is the pool itself', mend: 'name another, or leave it out' });
  else if (then !== undefined && !pools.has(then))
    faults.push({ path: 'hold.then', reason: `there is no pool '${then}'`, mend: 'put it first, or name one that is there' });
  return faults;
}
