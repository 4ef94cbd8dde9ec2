import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/**
 * Everything we ask of time zones. The only file over temporal-polyfill: the rest of the calendar is arithmetic.
 * Instants are `Date`s; local wall time is a number, milliseconds as if the wall clock stood in UTC.
 */

/** Asked of every lead of every batch; there are some 600. */
const zonesSeen = new Set<string>();

/** Whether `name` is that of a zone we know, e.g. `Europe/Berlin`. An offset is none: Postgres reads it the other way round. Nor is an instant. */
export function isZone(name: string): boolean {
  if (zonesSeen.has(name)) return true;
  if (!/^[A-Z]/i.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    zonesSeen.add(name);
    return true;
  } catch {
    return false;
  }
}

/** An IANA time zone. */
export const zone = z.string().refine(isZone, { error: 'is not a time zone such as Europe/Berlin' });

/** A stretch of time in which a zone keeps one offset: `from` included, `until` not; both in epoch milliseconds. */
export interface Stretch {
  from: number;
  until: number;
  /** Local wall time minus UTC, milliseconds. */
  offset: number;
}

const DAY_MS = 86_400_000;
const lastOf = new Map<string, Stretch>();

/** The stretch of constant offset that holds the instant (epoch ms). */
export function stretchAt(at: number, zone: string): Stretch {
  const last = lastOf.get(zone);
  if (last && last.from <= at && at < last.until) return last;
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const next = zoned.getTimeZoneTransition('next');
  const stretch = { from: at, until: next ? next.epochMilliseconds : Infinity, offset: zoned.offsetNanoseconds / 1e6 };
  lastOf.set(zone, stretch);
  return stretch;
}

/** The wall clock at an instant (epoch ms), as milliseconds in the manner of UTC. */
export function wallAt(at: number, zone: string): number {
  return at + stretchAt(at, zone).offset;
}

/**
 * The instant at which the wall clock shows `wall`. A time that the clock skips means as much later;
 * one that it shows twice means the first.
 */
export function instantAt(wall: number, zone: string): Date {
  const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime();
  return new Date(plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds);
}

/** The same wall time some calendar days and months later (or earlier); the 31st becomes the last day of a shorter month. */
export function addDates(at: Date, by: { days?: number; months?: number }, zone: string): Date {
  if (by.months === undefined) {
    const start = at.getTime();
    const end = start + (by.days ?? 0) * DAY_MS;
    // Where the offset stays the same, a day is 24 hours: the usual case, and asked for by the thousand.
    const { from, until } = stretchAt(start, zone);
    if (from <= end && end < until) return new Date(end);
  }
  const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  return new Date(zoned.add(by).epochMilliseconds);
}

/** The local date at an instant: `2026-03-29`. */
export function dateAt(at: Date, zone: string): string {
  return dateOf(wallAt(at.getTime(), zone));
}

/** The date of a wall time: `2026-03-29`. */
export function dateOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

/** The first instant of a local date. */
export function startOf(date: string, zone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds);
}
