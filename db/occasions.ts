import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import type { OccasionDocument } from '../domain/occasions/occasion.ts';
import type { GuestState } from '../domain/occasions/guest.ts';
import { unresolvedDoors } from './doors.ts';
import { iso } from './leads-read.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';
import { wakeNaming } from './things.ts';

export interface Occasion {
  id: string;
  key: string;
  name: string;
  kind: string;
  startsAt: Date;
  endsAt: Date;
  timezone: string;
  place: string | null;
  attributes: Record<string, unknown>;
  /** How many of its guests are in each state. */
  guests: Record<GuestState, number>;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `o.id, o.key, o.name, o.kind, o.starts_at as "startsAt", o.ends_at as "endsAt", o.timezone, o.place, o.attributes,
  o.created_at as "createdAt", o.updated_at as "updatedAt",
  (select jsonb_build_object('invited', count(*) filter (where g.state = 'invited'), 'registered', count(*) filter (where g.state = 'registered'),
          'attended', count(*) filter (where g.state = 'attended'), 'no_show', count(*) filter (where g.state = 'no_show'))
     from occasion_guest g where g.occasion_id = o.id) as guests`;

/**
 * Says what an occasion is, new or changed. When that changes anything, whoever is in a campaign because of it is woken, for its date may
 * have moved. Answers whether it is new, and the loops to poke after the commit.
 */
export async function putOccasion(
  tx: Queryable,
  key: string,
  { name, kind, startsAt, endsAt, timezone, place, attributes }: OccasionDocument,
): Promise<{ occasion: Occasion; created: boolean; loops: Loop[] }> {
  const { rows } = await tx.query<{ created: boolean }>(
    `insert into occasion as o (key, name, kind, starts_at, ends_at, timezone, place, attributes)
     select $1, $2, $3, $4, $5, coalesce($6, timezone), $7, $8 from workspace
     on conflict (key) do update set name = excluded.name, kind = excluded.kind, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
            timezone = excluded.timezone, place = excluded.place, attributes = excluded.attributes, updated_at = clock()
      where (o.name, o.kind, o.starts_at, o.ends_at, o.timezone, o.place, o.attributes)
            is distinct from (excluded.name, excluded.kind, excluded.starts_at, excluded.ends_at, excluded.timezone, excluded.place, excluded.attributes)
     returning not exists (select from occasion before where before.key = $1) as created`,
    [key, name, kind, startsAt, endsAt, timezone ?? null, place, JSON.stringify(attributes)],
  );
  const changed = rows[0];
  const loops = changed ? await wakeNaming(tx, [{ occasion: key }]) : [];
  return {
    occasion: await requireOccasion(tx, key),
    created: changed?.created ?? false,
    loops: changed ? [...loops, ...(await unresolvedDoors(tx))] : [],
  };
}

/** One occasion by its key. Throws `not_found`. */
export async function requireOccasion(tx: Queryable, key: string): Promise<Occasion> {
  const { rows } = await tx.query<Occasion>(`select ${COLUMNS} from occasion o where o.key = $1`, [key]);
  if (!rows[0]) throw new TendrilError('not_found', `There is no occasion '${key}'`);
  return rows[0];
}

/** Occasions, the latest first, one page from a place on; those of one kind, or that end after an instant. */
export async function listOccasions(
  tx: Queryable,
  { kind, endingAfter }: { kind?: string | undefined; endingAfter?: string | undefined },
  limit: number,
  from: Place | null,
) {
  const { rows } = await tx.query<Occasion & { place: string | null; page: Place }>(
    `select ${COLUMNS}, jsonb_build_object('at', o.starts_at::text, 'id', o.id) as page from occasion o
      where ($1::text is null or o.kind = $1) and ($2::timestamptz is null or o.ends_at > $2)
        and ($3::timestamptz is null or (o.starts_at, o.id) < ($3::timestamptz, $4::uuid))
      order by o.starts_at desc, o.id desc limit $5`,
    [kind ?? null, endingAfter ?? null, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  const { items, nextCursor } = cutPage(
    rows.map(({ page, ...occasion }) => ({ occasion, place: page })),
    limit,
  );
  return { items: items.map(({ occasion }) => occasion), nextCursor };
}

export interface GuestRow {
  leadId: string;
  email: string | null;
  name: string | null;
  state: GuestState;
  at: string;
}

/** The guests of an occasion, latest change first, one page from a place on. */
export async function listGuests(tx: Queryable, occasionId: string, state: GuestState | undefined, limit: number, from: Place | null) {
  const { rows } = await tx.query<GuestRow & { place: Place }>(
    `select g.lead_id as "leadId", l.email, l.name, g.state, ${iso('g.at')} as at, jsonb_build_object('at', g.at::text, 'id', g.lead_id) as place
       from occasion_guest g join lead l on l.id = g.lead_id
      where g.occasion_id = $1 and ($2::text is null or g.state = $2)
        and ($3::timestamptz is null or (g.at, g.lead_id) < ($3::timestamptz, $4::uuid))
      order by g.at desc, g.lead_id desc limit $5`,
    [occasionId, state ?? null, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

/** The workspace as far as a telling of guests or records must know it. */
export async function tellingGround(tx: Queryable): Promise<{ now: Date; ranges: number; country: string }> {
  const { rows } = await tx.query<{ now: Date; ranges: number; country: string }>('select clock() as now, ranges, country from workspace');
  return rows[0]!;
}
