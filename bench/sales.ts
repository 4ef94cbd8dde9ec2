import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { putDocument } from '../db/documents.ts';
import { putPool } from '../db/pools.ts';
import { putReps } from '../db/reps.ts';
import { createLoopSignal } from '../runtime/loop-signal.ts';
import { createPoker } from '../runtime/poke.ts';
import { deploy, type Deployment, type Memory, type Services, until } from './support/deployment.ts';
import { answers } from './support/forms.ts';
import { spreadOf, type Spread } from './support/spread.ts';

export interface SalesResult {
  /** From the form's POST to the rep's mail at the mail server, ms: by a worker that has just been started, and by one that has run for a while. */
  cold: ToRep;
  warm: ToRep;
  /** Cases looked after in a second, by way of Temporal, while so many others are open. */
  looks: { open: number; looked: number; perSecond: number };
  memory: Memory;
}

type ToRep = Spread & { formsPerSecond: number };

const FORM = { key: 'demo', name: 'Demo', purpose: 'demo_request', then: 'handoff' };
const REPS = Array.from({ length: 10 }, (_, n) => ({ key: `rep${n}`, name: `Rep ${n}`, email: `rep${n}@firm.example` }));
/** The ladder's clock runs day and night, so that it does not matter when this is measured. */
const SLA = { hours: 'always' };
const PER_SECOND = 50;

/** The sales side: how soon the rep knows of a form, and what it costs to look after many opportunities. */
export async function benchSales(
  services: Services,
  { forms, open, looked }: { forms: number; open: number; looked: number },
): Promise<SalesResult> {
  const firm = await deploy(services);
  try {
    await putDocument(firm.pool, 'form', FORM.key, FORM);
    await putDocument(firm.pool, 'sla', 'default', SLA);
    await putReps(firm.pool, REPS);
    await putPool(firm.pool, { key: 'sales', name: 'Sales', members: REPS.map(({ key }) => ({ rep: key, weight: 1 })) });
    const cold = await timeToRep(firm, forms, 'cold');
    const warm = await timeToRep(firm, forms, 'warm');
    const perSecond = await lookAfter(services, firm, { open, looked });
    return { cold, warm, looks: { open, looked, perSecond }, memory: await firm.memory() };
  } finally {
    await firm.stop();
  }
}

/** Posts forms evenly, each of another firm, and reads from the ledger when the mail to its rep had been taken. */
async function timeToRep(firm: Deployment, forms: number, prefix: string): Promise<ToRep> {
  const begun = new Map<string, number>();
  const posts: Promise<void>[] = [];
  const start = Date.now();
  for (let n = 0; n < forms; n++) {
    await pause(Math.max(0, start + (n * 1_000) / PER_SECOND - Date.now()));
    const person = answers(prefix, n);
    begun.set(person.email, Date.now());
    posts.push(firm.must(`/f/${FORM.key}`, person));
  }
  const formsPerSecond = (forms * 1_000) / (Date.now() - start);
  await Promise.all(posts);
  await until(async () => (await taken(firm.pool, prefix)).length === forms, 120_000, 'the mails to the reps');
  return { ...spreadOf((await taken(firm.pool, prefix)).map(({ email, at }) => at.getTime() - begun.get(email)!)), formsPerSecond };
}

async function taken(pool: Pool, prefix: string): Promise<{ email: string; at: Date }[]> {
  const { rows } = await pool.query<{ email: string; at: Date }>(
    `select l.email, s.settled_at as at from send s join lead l on l.id = s.lead_id where s.template = 'rep-lead-card' and s.state = 'accepted' and l.email like '%@' || $1 || '%'`,
    [prefix],
  );
  return rows;
}

/**
 * Opens many opportunities, each accepted and to be reminded of within the day, lets some of them fall due at once, and takes the time until
 * each has been looked at and its reminder written.
 */
async function lookAfter(services: Services, firm: Deployment, { open, looked }: { open: number; looked: number }): Promise<number> {
  await firm.pool.query(
    `with rep as (select array_agg(id order by key) as ids from rep),
     made as (insert into lead (email, stage) select 'open' || n || '@open' || n || '.example', 'sal' from generate_series(1, $1) n returning id),
     opened as (
       insert into opportunity (lead_id, pool_id, state, source, owner_rep_id, epoch, offered_at, accepted_at, next_look_at)
       select made.id, (select id from pool where key = 'sales'), 'accepted', 'api', rep.ids[1 + row_number() over () % cardinality(rep.ids)], 1,
              clock() - interval '1 hour', clock() - interval '1 hour', clock() + interval '1 day' * random() + interval '1 hour'
         from made cross join rep
       returning id, lead_id)
     insert into opportunity_lead (opportunity_id, lead_id) select id, lead_id from opened`,
    [open],
  );
  await firm.pool.query('vacuum analyze');
  const { rows } = await firm.pool.query<{ id: string }>(
    `update opportunity set next_look_at = clock() where id in (select id from opportunity where state = 'accepted' order by id desc limit $1) returning id`,
    [looked],
  );
  const connection = await Connection.connect({ address: services.temporalAddress });
  const { TEMPORAL_TASK_QUEUE: taskQueue, TEMPORAL_PREFIX: prefix } = firm.settings as Record<
    'TEMPORAL_TASK_QUEUE' | 'TEMPORAL_PREFIX',
    string
  >;
  const signal = createLoopSignal({ client: new Client({ connection, namespace: 'tendril' }), taskQueue, prefix });
  const poke = createPoker({ signal, log: { warn: () => {} }, atOnce: 16 });
  const begun = performance.now();
  for (const { id } of rows) poke({ kind: 'qualification', opportunityId: id });
  const due = `select from opportunity where next_look_at <= clock() and state = 'accepted' limit 1`;
  await until(async () => (await firm.pool.query(due)).rowCount === 0, 600_000, 'the looks');
  const perSecond = (looked * 1_000) / (performance.now() - begun);
  await poke.close();
  await connection.close();
  return perSecond;
}
