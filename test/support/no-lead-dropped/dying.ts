import type { Pool, PoolClient } from 'pg';

/** The worker was killed. */
export class Killed extends Error {}

/** The pool of a worker that is killed before its n-th statement: what it has not committed is gone, and nothing more is done. */
export function dyingPool(pool: Pool, after: number): Pool {
  let left = after;
  const live = (): void => {
    if (left-- <= 0) throw new Killed('killed');
  };
  const dying = {
    async query(...given: Parameters<Pool['query']>) {
      live();
      return pool.query(...given);
    },
    async connect() {
      const client = await pool.connect();
      return {
        async query(text: string, values?: unknown[]) {
          if (text !== 'rollback') live();
          return client.query(text, values);
        },
        release: (error?: Error) => client.release(error),
      } as unknown as PoolClient;
    },
  };
  return dying as unknown as Pool;
}
