import type { Pool } from 'pg';
import { inTransaction, type Queryable } from '../pool.ts';
import { closeDoors, handedOver, namedIn, type Offboarding, whoLeaves } from './job.ts';
import { type Left, whatIsLeft } from './left.ts';
import { letGoOfOffers } from './offers.ts';
import { passOn } from './pass-on.ts';
import { lockRunning } from './running.ts';
import { tellCustomers } from './tell.ts';

/** What would be. */
export interface Preview {
  rep: { key: string; name: string };
  /** What they have. */
  left: Left;
  heirs: Offboarding['heirs'];
  offersReleased: number;
  customers: number;
  namedIn: string[];
}

/** Carries what was found out of a transaction that is not to be. */
class Undone extends Error {
  found: Preview;
  constructor(found: Preview) {
    super('undone');
    this.found = found;
  }
}

/** How long it may take, real time. */
const PATIENCE = '50s';

/** Hands everything over, counts, and undoes it: what would really be, not what we think. Throws as beginning it would. */
export async function previewOffboarding(pool: Pool, asked: { rep: string; to: string | null; tellCustomers: boolean }): Promise<Preview> {
  try {
    return await inTransaction(pool, async (tx) => {
      throw new Undone(await tryIt(tx, asked));
    });
  } catch (error) {
    if (error instanceof Undone) return error.found;
    throw error;
  }
}

async function tryIt(
  tx: Queryable,
  { rep: key, to, tellCustomers: told }: { rep: string; to: string | null; tellCustomers: boolean },
): Promise<Preview> {
  // It may take longer than what the api usually does; switched off first, for a running limit cannot be made longer.
  await tx.query(`set local transaction_timeout = 0; set local transaction_timeout = '${PATIENCE}'`);
  const { rep, heir } = await whoLeaves(tx, { rep: key, to });
  const left = await whatIsLeft(tx, rep.id);
  const naming = await namedIn(tx, key);
  await tx.query(
    `insert into offboarding (rep_id, to_rep_id, asked_by, look_at) values ($1, $2, 'preview', clock()) on conflict (rep_id) where state = 'running' do nothing`,
    [rep.id, heir?.id ?? null],
  );
  await closeDoors(tx, rep.id);
  const running = (await lockRunning(tx, key))!;
  while ((await passOn(tx, running)).moved > 0);
  const offersReleased = (await letGoOfOffers(tx, running)).length;
  let customers = 0;
  for (let found = told ? 1 : 0; found > 0; customers += found) found = (await tellCustomers(tx, running)).told;
  const { heirs } = await handedOver(tx, running.id);
  return { rep: { key: rep.key, name: rep.name }, left, heirs, offersReleased, customers, namedIn: naming };
}
