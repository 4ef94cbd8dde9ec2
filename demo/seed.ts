import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { documentsOf } from '../db/documents.ts';
import { inTransaction, type Queryable } from '../db/pool.ts';
import { seedDemo } from './seed-demo.ts';
import { seedEmpty } from './seed-empty.ts';

export interface SeedOptions {
  pool: Pool;
  log: Logger;
  /** One form and nothing else, on real time. */
  empty: boolean;
}

/**
 * Fills a workspace that has nothing yet; one that has a form is left as it is, but for the demo's clock. Whole or not at all. Throws where an empty one is
 * asked for and this is the demo.
 */
export async function seed({ pool, log, empty }: SeedOptions): Promise<void> {
  await inTransaction(pool, async (tx) => {
    // One start at a time looks and fills.
    await tx.query(`select pg_advisory_xact_lock(hashtext('tendril_seed'))`);
    if ((await documentsOf(tx, 'form')).length > 0) {
      if (empty && (await isDemo(tx)))
        throw new Error('This workspace is the demo. For one of your own set TENDRIL_HOME (and PORT) to another, or remove its folder.');
      return skipDowntime(tx);
    }
    await (empty ? seedEmpty(tx) : seedDemo(tx));
    log.info({ empty }, 'the workspace was filled for the first time');
  });
}

/** Whether this workspace is the demo's. */
export async function isDemo(tx: Queryable): Promise<boolean> {
  const { rows } = await tx.query<{ demo: boolean }>('select demo from workspace');
  return rows[0]!.demo;
}

/** While nobody runs it the demo's time stands still: a night would be seven years. It goes on from the last thing that happened. */
async function skipDowntime(tx: Queryable): Promise<void> {
  await tx.query(
    `update workspace set clock_anchor_real = now(), clock_anchor_at = least(clock(), greatest(clock_anchor_at,
       (select max(at) from journal), (select max(received_at) from event), (select max(computed_at) from lead_score),
       (select greatest(max(queued_at), max(in_flight_at), max(settled_at)) from send), (select max(at) from captured_mail)))
      where demo and clock_rate > 0`,
  );
}
