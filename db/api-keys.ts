import { createHash, randomBytes } from 'node:crypto';
import { TendrilError } from '../domain/errors.ts';
import type { Queryable } from './pool.ts';

/** `own` stands alone: such a key belongs to a salesperson or a partner firm, and sees what is theirs and nothing else. */
export const scopes = ['ingest', 'read', 'write', 'admin', 'own'] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  id: string;
  name: string;
  /** The first characters of the key, to recognise it by. */
  prefix: string;
  scopes: Scope[];
  /** Browsers' origins that may use it; empty: servers only. */
  origins: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** Whose it is, where its scope is `own`: a rep by key, or a partner firm by name. */
  rep: string | null;
  partner: string | null;
}

const columns = `id, name, prefix, scopes, origins, partner, (select r.key from rep r where r.id = api_key.rep_id) as rep, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

/** What is stored of a key: its sha-256. The key has 256 random bits, so nothing slower is needed. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Makes a key. It is answered here once and can never be read again. */
export async function createKey(
  tx: Queryable,
  given: { name: string; scopes: readonly Scope[]; origins?: readonly string[]; rep?: string | null; partner?: string | null },
): Promise<{ key: string; stored: ApiKey }> {
  const key = `tnd_${randomBytes(32).toString('base64url')}`;
  const { rows } = await tx.query<ApiKey>(
    `insert into api_key (name, prefix, hash, scopes, origins, rep_id, partner)
     select $1, $2, $3, $4, $5, r.id, f.partner
       from (values (1)) one left join rep r on r.key = $6
            left join lateral (select $7::text as partner where exists (select from rep p where p.partner = $7)) f on true
      where ($6::text is null or r.id is not null) and ($7::text is null or f.partner is not null)
     returning ${columns}`,
    [given.name, key.slice(0, 12), hashKey(key), given.scopes, given.origins ?? [], given.rep ?? null, given.partner ?? null],
  );
  if (!rows[0]) {
    const [path, whose] = given.rep ? ['rep', `rep '${given.rep}'`] : ['partner', `rep of '${given.partner}'`];
    throw new TendrilError('invalid', `There is no ${whose}`, [{ path, reason: 'is nobody who is there', mend: 'see GET /v1/reps' }]);
  }
  return { key, stored: rows[0] };
}

/** The key in force with this hash, or null. That of a salesperson who is not active is not. */
export async function findKey(tx: Queryable, hash: Buffer): Promise<ApiKey | null> {
  const { rows } = await tx.query<ApiKey>(
    `select ${columns} from api_key where hash = $1 and revoked_at is null and (rep_id is null or exists (select from rep r where r.id = rep_id and r.active))`,
    [hash],
  );
  return rows[0] ?? null;
}

/** Every key there ever was, newest first. */
export async function listKeys(tx: Queryable): Promise<ApiKey[]> {
  const { rows } = await tx.query<ApiKey>(`select ${columns} from api_key order by id desc`);
  return rows;
}

/** Every origin that a key in force lists. */
export async function liveOrigins(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ origin: string }>('select distinct unnest(origins) as origin from api_key where revoked_at is null');
  return rows.map(({ origin }) => origin);
}

export async function touchKey(tx: Queryable, id: string): Promise<void> {
  await tx.query('update api_key set last_used_at = clock() where id = $1', [id]);
}

/**
 * Revokes a key; one that is revoked already stays so. `last_admin` where nobody could administer the workspace any more.
 * Call it in a transaction: the admin keys are locked, so that two revocations cannot pass each other.
 */
export async function revokeKey(tx: Queryable, id: string): Promise<'revoked' | 'not_found' | 'last_admin'> {
  const { rows: admins } = await tx.query<{ id: string }>(
    `select id from api_key where revoked_at is null and 'admin' = any(scopes) order by id for update`,
  );
  if (admins.length === 1 && admins[0]!.id === id) return 'last_admin';
  const { rowCount } = await tx.query('update api_key set revoked_at = coalesce(revoked_at, clock()) where id = $1', [id]);
  return rowCount === 1 ? 'revoked' : 'not_found';
}
