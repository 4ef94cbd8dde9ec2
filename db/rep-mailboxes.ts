import { TendrilError } from '../domain/errors.ts';
import { knownBy } from './identities.ts';
import type { Queryable } from './pool.ts';

/** A rep's own mailbox as it is set up. */
export interface RepMailbox {
  repId: string;
  /** Its row in `mailbox`. */
  key: string;
  host: string;
  port: number;
  tls: 'tls' | 'starttls' | 'none';
  username: string;
  /** Sealed. */
  secret: string;
  folder: string;
  active: boolean;
}

/** The same with how far it has been read. */
export interface ReadRepMailbox extends RepMailbox {
  readAt: Date | null;
  error: string | null;
  failures: number;
}

export type NewRepMailbox = Omit<RepMailbox, 'repId' | 'key' | 'secret'> & { secret: string | null };

const columns = `b.rep_id as "repId", b.mailbox_key as key, b.host, b.port, b.tls, b.username, b.secret, b.folder, b.active`;

/** SQL: whether mailbox `b` of rep `r` is to be read. */
const isRead = 'b.active and r.active';

/** The mailbox of the rep of this key, with how it went; null where there is none. Throws `not_found` where there is no such rep. */
export async function repMailbox(tx: Queryable, repKey: string): Promise<ReadRepMailbox | null> {
  const { rows } = await tx.query<ReadRepMailbox | { repId: null }>(
    `select ${columns}, m.read_real as "readAt", m.error, coalesce(m.failures, 0) as failures
       from rep r left join rep_mailbox b on b.rep_id = r.id left join mailbox m on m.key = b.mailbox_key where r.key = $1`,
    [repKey],
  );
  const [row] = rows;
  if (!row) throw new TendrilError('not_found', `There is no rep '${repKey}'`);
  return row.repId === null ? null : row;
}

/** The mailbox to read for a rep; null where there is none any more, or it rests. */
export async function boxToRead(tx: Queryable, repId: string): Promise<RepMailbox | null> {
  const { rows } = await tx.query<RepMailbox>(
    `select ${columns} from rep_mailbox b join rep r on r.id = b.rep_id where b.rep_id = $1 and ${isRead}`,
    [repId],
  );
  return rows[0] ?? null;
}

/**
 * Sets a rep's mailbox up, or anew; a secret of null stays what it was. Another account or folder is read from its own beginning, which is today. Throws
 * `not_found` without such a rep, `invalid` where the first has no secret, `conflict` where another rep has the same mailbox.
 */
export async function putRepMailbox(tx: Queryable, repKey: string, box: NewRepMailbox): Promise<ReadRepMailbox> {
  const before = await repMailbox(tx, repKey);
  const secret = box.secret ?? before?.secret;
  if (!secret) throw new TendrilError('invalid', 'A mailbox that is new needs its password', [{ path: 'password', reason: 'is missing' }]);
  const key = `rep/${box.username}@${box.host}/${box.folder}`;
  const { rowCount: taken } = await tx.query(
    'select from rep_mailbox b join rep r on r.id = b.rep_id where b.mailbox_key = $1 and r.key <> $2',
    [key, repKey],
  );
  if (taken) throw new TendrilError('conflict', 'Another rep has this mailbox already');
  await tx.query(
    `with forgotten as (delete from mailbox where key = $3 and key <> $2)
     insert into rep_mailbox (rep_id, mailbox_key, host, port, tls, username, secret, folder, active)
     select id, $2, $4, $5, $6, $7, $8, $9, $10 from rep where key = $1
     on conflict (rep_id) do update set mailbox_key = excluded.mailbox_key, host = excluded.host, port = excluded.port, tls = excluded.tls,
       username = excluded.username, secret = excluded.secret, folder = excluded.folder, active = excluded.active, updated_at = clock()`,
    [repKey, key, before?.key ?? null, box.host, box.port, box.tls, box.username, secret, box.folder, box.active],
  );
  return (await repMailbox(tx, repKey))!;
}

/** It is read no more, and its password forgotten. Answers whether there was one. Throws `not_found` where there is no such rep. */
export async function removeRepMailbox(tx: Queryable, repKey: string): Promise<boolean> {
  const before = await repMailbox(tx, repKey);
  if (!before) return false;
  await tx.query(`with gone as (delete from rep_mailbox where rep_id = $1) delete from mailbox where key = $2`, [before.repId, before.key]);
  return true;
}

/** Reps whose mailbox nobody has looked at although it was time. */
export async function dueRepBoxes(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ repId: string }>(
    `select b.rep_id as "repId" from rep_mailbox b join rep r on r.id = b.rep_id left join mailbox m on m.key = b.mailbox_key
      where ${isRead} and coalesce(m.next_look_real < now() - interval '5 seconds', true) order by b.rep_id`,
  );
  return rows.map(({ repId }) => repId);
}

/**
 * Whether a mail in a rep's mailbox is for us to read, by its headers alone: it answers a mail that we sent to somebody outside, or comes from somebody whom
 * this rep writes to by a sequence. Nothing of the others is kept.
 */
export async function concernsUs(
  tx: Queryable,
  repId: string,
  { from, answers }: { from: string | null; answers: readonly string[] },
): Promise<boolean> {
  const { rows } = await tx.query<{ ours: boolean }>(
    `with known as (
       ${knownBy('$3')})
     select exists (select from send where id = any($2::uuid[]) and class <> 'internal') or exists (
       select from known k join enrolment e on e.lead_id = k.id where e.rep_id = $1 and e.state = 'active') as ours`,
    [repId, answers, from === null ? [] : [from]],
  );
  return rows[0]!.ours;
}
