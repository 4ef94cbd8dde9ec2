import type { Queryable } from './pool.ts';

export interface MailboxRow {
  uidValidity: string | null;
  lastUid: number;
  readAt: Date | null;
  failures: number;
}

/** How far a mailbox has been read; one that is new is noted. */
export async function mailboxPlace(tx: Queryable, key: string): Promise<MailboxRow> {
  const { rows } = await tx.query<MailboxRow>(
    `with noted as (insert into mailbox (key) values ($1) on conflict (key) do nothing returning *)
     select uid_validity::text as "uidValidity", last_uid::float8 as "lastUid", read_real as "readAt", failures from noted
     union all select uid_validity::text, last_uid::float8, read_real, failures from mailbox where key = $1 limit 1`,
    [key],
  );
  return rows[0]!;
}

/** One more mail has been taken in: in the transaction of its effects. Never back. */
export async function moveOn(tx: Queryable, key: string, { uidValidity, uid }: { uidValidity: string; uid: number }): Promise<void> {
  await tx.query(
    `update mailbox set last_uid = case when uid_validity = $2 then greatest(last_uid, $3) else $3 end, uid_validity = $2 where key = $1`,
    [key, uidValidity, uid],
  );
}

/** A look has come to the end of the mailbox, or (`more`) of what one look takes. */
export async function noteLook(
  tx: Queryable,
  key: string,
  { uidValidity, more, nextInMs }: { uidValidity: string; more: boolean; nextInMs: number },
): Promise<void> {
  await tx.query(
    `update mailbox set last_uid = case when uid_validity = $2 then last_uid else 0 end, uid_validity = $2, error = null, failures = 0,
            read_real = case when $3 then read_real else now() end, next_look_real = now() + make_interval(secs => $4::float8 / 1000)
      where key = $1`,
    [key, uidValidity, more, nextInMs],
  );
}

/** A look has failed. */
export async function noteFailedLook(tx: Queryable, key: string, error: string, nextInMs: number): Promise<void> {
  await tx.query(
    `update mailbox set error = $2, failures = failures + 1, next_look_real = now() + make_interval(secs => $3::float8 / 1000) where key = $1`,
    [key, error, nextInMs],
  );
}

/** Whether nobody has looked at it although it was time. */
export async function isLookDue(tx: Queryable, key: string): Promise<boolean> {
  const { rows } = await tx.query<{ due: boolean }>(
    `select coalesce((select next_look_real < now() - interval '5 seconds' from mailbox where key = $1), true) as due`,
    [key],
  );
  return rows[0]!.due;
}
