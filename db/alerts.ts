import { tellAlert } from '../domain/words/alerts.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';
import { managers } from './reps.ts';
import { queueSends } from './sends.ts';

/** Something a person should know of. A kind has its words in domain/words/alerts.ts; `detail` holds ids and words, no personal data. */
export interface NewAlert {
  kind: string;
  /** Which one: a lane, a domain. There is one open alert for each kind and thing; raised again it counts. */
  about: string;
  detail: Record<string, unknown>;
}

export interface Alert extends NewAlert {
  id: string;
  times: number;
  raisedAt: Date;
  lastAt: Date;
  toldAt: Date | null;
  closedAt: Date | null;
  closedBy: string | null;
}

const columns = `id, kind, about, detail, times, raised_at as "raisedAt", last_at as "lastAt", told_at as "toldAt", closed_at as "closedAt", closed_by as "closedBy"`;

/** Raises alerts, in one statement. One that is open already has the newest detail and is counted; its mail is not sent again. */
export async function raiseAlerts(tx: Queryable, alerts: readonly NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const byKey = new Map<string, NewAlert & { times: number }>();
  for (const one of alerts) {
    const key = `${one.kind} ${one.about}`;
    byKey.set(key, { ...one, times: (byKey.get(key)?.times ?? 0) + 1 });
  }
  const sorted = [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  await tx.query(
    `insert into alert as a (kind, about, detail, times)
     select * from unnest($1::text[], $2::text[], $3::jsonb[], $4::integer[])
     on conflict (kind, about) where closed_at is null
       do update set detail = excluded.detail, times = a.times + excluded.times, last_at = clock()`,
    [
      sorted.map((one) => one.kind),
      sorted.map((one) => one.about),
      sorted.map((one) => JSON.stringify(one.detail)),
      sorted.map((one) => one.times),
    ],
  );
}

/** Closes what is open of a kind, because what it was about has passed. */
export async function closeAlerts(tx: Queryable, kind: string, abouts: readonly string[]): Promise<void> {
  if (abouts.length === 0) return;
  await tx.query(`update alert set closed_at = clock(), closed_by = 'itself' where kind = $1 and about = any($2) and closed_at is null`, [
    kind,
    abouts,
  ]);
}

/** Closes one alert by hand. Null when there is none; one that is closed stays as it is. */
export async function closeAlert(tx: Queryable, id: string, by: string): Promise<Alert | null> {
  await tx.query('update alert set closed_at = clock(), closed_by = $2 where id = $1 and closed_at is null', [id, by]);
  const { rows } = await tx.query<Alert>(`select ${columns} from alert where id = $1`, [id]);
  return rows[0] ?? null;
}

/** Alerts, newest first, open ones or all, one page from a place on. */
export async function listAlerts(
  tx: Queryable,
  { open, limit, from }: { open: boolean; limit: number; from: Place | null },
): Promise<{ items: Alert[]; nextCursor: string | null }> {
  const { rows } = await tx.query<Alert & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', raised_at::text, 'id', id) as place from alert
      where ($1::boolean is false or closed_at is null) and ($3::timestamptz is null or (raised_at, id) < ($3, $4::uuid))
      order by raised_at desc, id desc limit $2 + 1`,
    [open, limit, from?.at ?? null, from?.id ?? null],
  );
  return cutPage(rows, limit);
}

/** A lane that stands still is an alert while it does: raised and closed by what the lanes say. */
export async function watchLanes(tx: Queryable): Promise<void> {
  const { rows } = await tx.query<{ key: string; reason: string | null }>('select key, stopped_reason as reason from lane order by key');
  const { rows: open } = await tx.query<{ about: string; reason: string | null }>(
    `select about, detail ->> 'reason' as reason from alert where kind = 'lane_stopped' and closed_at is null`,
  );
  const known = new Map(open.map(({ about, reason }) => [about, reason]));
  const stopped = rows.flatMap(({ key, reason }) => (reason === null ? [] : [{ key, reason }]));
  await raiseAlerts(
    tx,
    stopped
      .filter(({ key, reason }) => known.get(key) !== reason)
      .map(({ key, reason }) => ({ kind: 'lane_stopped', about: key, detail: { reason } })),
  );
  await closeAlerts(
    tx,
    'lane_stopped',
    rows.filter(({ key, reason }) => reason === null && known.has(key)).map(({ key }) => key),
  );
}

/** A complaint that no other has followed for so long is past, workspace time. */
const QUIET_AFTER = '7 days';

/** Closes alerts about what happened and is over, where nobody has. */
export async function forgetQuietAlerts(tx: Queryable): Promise<void> {
  await tx.query(
    `update alert set closed_at = clock(), closed_by = 'itself' where kind = 'complaint' and closed_at is null and last_at < clock() - $1::interval`,
    [QUIET_AFTER],
  );
}

/** How many alerts one mail lists. */
const LISTED = 20;

/**
 * Tells the managers once of alerts that nobody has been told of: one mail each, however many they are. Without a manager, or while mail to
 * colleagues stands still itself, they wait. Answers the lanes to poke after the commit.
 */
export async function tellAlerts(tx: Queryable): Promise<string[]> {
  const { rows: waiting } = await tx.query<{ able: boolean; timezone: string }>(
    `select not exists (select from lane where key = 'internal' and stopped_reason is not null) as able, timezone from workspace
      where exists (select from alert where told_at is null and closed_at is null)`,
  );
  if (!waiting[0]?.able) return [];
  const whom = await managers(tx);
  if (whom.length === 0) return [];
  const { rows } = await tx.query<Alert>(
    `with untold as (select id from alert where told_at is null and closed_at is null order by id limit ${LISTED} for update skip locked)
     update alert set told_at = clock() from untold where alert.id = untold.id
     returning ${columns.replace('id,', 'alert.id,')}`,
  );
  if (rows.length === 0) return [];
  const alerts = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const params = {
    count: alerts.length,
    alerts: alerts.map((one) => ({ ...tellAlert(one), at: one.raisedAt })),
    timezone: waiting[0].timezone,
  };
  return queueSends(
    tx,
    whom.map(({ id }) => ({
      sendKey: `alerts/${alerts[0]!.id}/${id}`,
      class: 'internal' as const,
      repId: id,
      template: 'internal-alert',
      params,
    })),
  );
}
