import { WorkflowNotFoundError } from '@temporalio/client';
import type { Pool } from 'pg';
import { sleepingLoops } from '../../db/sweep.ts';
import { LEASE_MARGIN_MS } from '../../domain/calls/call.ts';
import { GRACE_MS, LEASE_MS } from '../../domain/delivery/ledger.ts';
import { loopId } from '../../domain/loops.ts';
import { createTemporalClient } from '../../runtime/temporal-client.ts';
import type { Workspace } from './workspace.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * As if the minute and a half had passed after which a vanished worker's mails are taken from it, and its calls too. Whoever lives and is merely slow
 * must cope with that too.
 */
export async function leasesRunOut(pool: Pool): Promise<void> {
  const passed = (LEASE_MS + GRACE_MS) / 1000;
  await pool.query('update departure set until_real = until_real - make_interval(secs => $1)', [passed]);
  await pool.query(
    `update outgoing_call set claimed_until_real = claimed_until_real - make_interval(secs => (timeout_ms + $1) / 1000.0) where id in
       (select id from outgoing_call where state = 'claimed' order by id for no key update)`,
    [LEASE_MARGIN_MS],
  );
}

/** As if the database's own time-outs had ended the transactions of a process that stands still. Answers how many there were. */
export async function frozenTransactionsEnd(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'tendril-worker' and state = 'idle in transaction' and state_change < now() - interval '500 ms'`,
  );
  return rowCount ?? 0;
}

/** Ends every loop of the workspace, whatever it is doing: all it knows is in Postgres. The next poke starts it anew. */
export async function terminateLoops({ config, pool }: Workspace): Promise<void> {
  const { client, close } = createTemporalClient({ ...config, TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS! });
  try {
    const ends = (await sleepingLoops(pool)).map((loop) =>
      client.workflow
        .getHandle(config.TEMPORAL_PREFIX + loopId(loop))
        .terminate('chaos')
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }),
    );
    await Promise.all(ends);
  } finally {
    await close();
  }
}

/** What the doctor finds broken, once everything has settled: nothing may be late at all. */
export async function violations(firm: Workspace): Promise<unknown[]> {
  // Weeks went by in a minute: what the planner knows of the tables may be of a moment when all was still to be done.
  await firm.pool.query('analyze');
  const answer = await firm.get('/v1/doctor?grace=0');
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { items } = (await answer.json()) as { items: { check: string; violations: number; sample: unknown[] }[] };
  return items.filter((one) => one.violations > 0).map(({ check, violations: count, sample }) => ({ check, count, sample }));
}
