import { hashKey } from './api-keys.ts';
import type { Queryable } from './pool.ts';

/**
 * Makes the given key an admin key of the workspace, unless it is known already (revoked ones stay so). `alone` revokes every other
 * key named `admin`: a local instance has one, and who deletes its file wants the old one gone.
 */
export async function adoptAdminKey(tx: Queryable, key: string, { alone }: { alone: boolean }): Promise<void> {
  const hash = hashKey(key);
  await tx.query(
    `insert into api_key (name, prefix, hash, scopes) values ('admin', $1, $2, array['admin']) on conflict (hash) do nothing`,
    [key.slice(0, 12), hash],
  );
  if (alone) await tx.query(`update api_key set revoked_at = clock() where name = 'admin' and hash <> $1 and revoked_at is null`, [hash]);
}
