import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { chores } from '../../../activities/chores.ts';
import { createOffboardActivities, offboardChores } from '../../../activities/offboard.ts';
import { createQualificationActivities } from '../../../activities/qualification.ts';
import { inTransaction } from '../../../db/pool.ts';
import { mailOfTests } from '../nurture.ts';
import { dyingPool, Killed } from './dying.ts';
import type { Firm } from './firm.ts';

/** More looks than anything here needs: what is due then is due for ever. */
const MOST = 60;
const watched = [...offboardChores, ...chores.filter(({ name }) => name.includes('two reps'))];
const log = { error() {} } as never;
const poke = (): void => {};

/** How long the end of a handing over waits for whoever began before it, real ms: the activity answers as much. */
const LONGEST_PAUSE_MS = 500;

/** One look at all that is due: by the sweeper, at every case, at every handing over. Answers how much there was. */
async function lookOnce(pool: Pool, twice: boolean): Promise<number> {
  for (const { run } of watched) await inTransaction(pool, run);
  const { rows } = await pool.query<{ id: string }>(
    'select id from opportunity where next_look_at <= clock() order by urgent desc, next_look_at, id',
  );
  const { rows: leaving } = await pool.query<{ rep: string }>(
    `select r.key as rep from offboarding o join rep r on r.id = o.rep_id where o.state = 'running' order by r.key`,
  );
  const { lookAfter } = createQualificationActivities({ pool, poke, mail: mailOfTests });
  const { handOver } = createOffboardActivities({ pool, poke, mail: mailOfTests, log });
  const times = twice ? [1, 2] : [1];
  const later: number[] = [];
  for (const { rep } of leaving)
    for (const look of await allOf(times.map(() => handOver({ rep }))))
      if (look !== 'done') later.push(look === 'again' ? 0 : (look.sleepMs ?? 0));
  for (const { id } of rows) await allOf(times.map(() => lookAfter({ opportunityId: id })));
  if (rows.length === 0 && later.length > 0) await setTimeout(Math.min(LONGEST_PAUSE_MS, ...later));
  return rows.length + leaving.length;
}

async function due(pool: Pool): Promise<object[]> {
  const { rows } = await pool.query<object>(
    `select o.id, o.state, p.key as pool, o.epoch, o.rung, o.return_at, o.held_until, o.next_look_at from opportunity o join pool p on p.id = o.pool_id where o.next_look_at <= clock()
     union all
     select b.id, b.state, r.key, null, null, null, null, null from offboarding b join rep r on r.id = b.rep_id where b.state = 'running'`,
  );
  return rows;
}

/** Waits for all before one that was killed is told of. */
async function allOf<T>(looks: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(looks);
  for (const look of settled) if (look.status === 'rejected') throw look.reason;
  return settled.map((look) => (look as PromiseFulfilledResult<T>).value);
}

/** A worker that is killed on its way; whatever it has done is done. */
export async function workAndDie(firm: Firm, twice: boolean, after: number): Promise<void> {
  try {
    await lookOnce(dyingPool(firm.pool, after), twice);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

/** Does everything that is due. */
export async function workOff({ pool }: Firm, twice = false): Promise<void> {
  for (let looks = 0; (await lookOnce(pool, twice)) > 0; looks++)
    if (looks > MOST) throw new Error(`what is due is looked at again and again, and stays due: ${JSON.stringify(await due(pool))}`);
}
