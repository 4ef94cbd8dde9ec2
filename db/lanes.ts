import type { Queryable } from './pool.ts';

export interface Lane {
  key: string;
  rate: number | null;
  heldUntil: Date | null;
  stoppedReason: string | null;
}

/** The lanes there are, by key. `rate` is mails per real second, null for as fast as it can; `heldUntil` is real time. */
export async function readLanes(tx: Queryable): Promise<Lane[]> {
  const { rows } = await tx.query<Lane>(
    'select key, rate, held_until_real as "heldUntil", stopped_reason as "stoppedReason" from lane order by key',
  );
  return rows;
}

/** SQL: the lane was not resumed since a batch left, so many real ms ago: what that was refused has been mended since. */
const notResumedSince = (leftMsAgo: string): string =>
  `coalesce(resumed_real < clock_timestamp() - make_interval(secs => ${leftMsAgo}::float8 / 1000), true)`;

/**
 * The provider asked for a pause, or cannot be reached: nothing of this lane leaves for so many real ms; unless it was resumed since the batch left that
 * says so. Answers whether it is held.
 */
export async function holdLane(tx: Queryable, key: string, ms: number, leftMsAgo: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lane set held_until_real = greatest(held_until_real, now() + make_interval(secs => $2::float8 / 1000))
      where key = $1 and ${notResumedSince('$3')}`,
    [key, ms, leftMsAgo],
  );
  return rowCount === 1;
}

/** Stops a lane until somebody resumes it, unless that has been done since the batch left that says so; what is queued stays queued. Answers whether it stands still. */
export async function stopLane(tx: Queryable, key: string, reason: string, leftMsAgo: number): Promise<boolean> {
  const { rowCount } = await tx.query(`update lane set stopped_reason = $2 where key = $1 and ${notResumedSince('$3')}`, [
    key,
    reason,
    leftMsAgo,
  ]);
  return rowCount === 1;
}

/** Lets a lane go on, at once. False when there is no such lane. */
export async function resumeLane(tx: Queryable, key: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update lane set stopped_reason = null, held_until_real = null, resumed_real = clock_timestamp() where key = $1',
    [key],
  );
  return rowCount === 1;
}

/** Whether all sending is stopped, and since when (workspace time). */
export async function sendingStoppedAt(tx: Queryable): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>('select sending_stopped_at as at from workspace');
  return rows[0]?.at ?? null;
}

/** The one switch: stops all sending of the workspace, or lets it go on. Answers since when it is stopped. */
export async function switchSending(tx: Queryable, stopped: boolean): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    'update workspace set sending_stopped_at = case when $1 then coalesce(sending_stopped_at, clock()) end returning sending_stopped_at as at',
    [stopped],
  );
  return rows[0]?.at ?? null;
}
