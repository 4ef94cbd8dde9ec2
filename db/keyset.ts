import { TendrilError } from '../domain/errors.ts';

/** The place in a list ordered by an instant and an id, newest first: pages stay right while rows are added. */
export interface Place {
  /** As Postgres writes it, to the microsecond. */
  at: string;
  id: string;
}

const form = /^(\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A place as an opaque cursor. */
function writeCursor({ at, id }: Place): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** The place of a cursor we wrote; null for the start. Throws `invalid` for anything else. */
export function readCursor(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const [, at, id] = form.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (at === undefined || id === undefined) {
    throw new TendrilError('invalid', 'The query is not valid: cursor: is not one of ours', [
      { path: 'cursor', reason: 'is not one of ours', mend: 'use the nextCursor of the page before, or leave it out' },
    ]);
  }
  return { at, id };
}

/** Cuts the one row too many that was asked for to learn whether there is more. */
export function cutPage<T extends { place: Place }>(rows: T[], limit: number): { items: Omit<T, 'place'>[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items: items.map(({ place: _, ...item }) => item), nextCursor: last ? writeCursor(last.place) : null };
}
