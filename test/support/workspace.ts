import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { inject, onTestFinished, TestRunner } from 'vitest';
import { createKey, type Scope } from '../../db/api-keys.ts';
import { putDocument } from '../../db/documents.ts';
import { readConfig } from '../../runtime/config.ts';
import type { DocumentKind } from '../../domain/documents.ts';
import { createTendril, type Tendril } from '../../runtime/compose.ts';
import { listen } from '../../runtime/listen.ts';
import { shippedTemplates } from '../../runtime/templates.ts';
import { createDatabase } from './database.ts';
import { readOutbox } from './outbox.ts';
import { addReps } from './reps.ts';
import { type Client, clientOf } from './requests.ts';
import { settle } from './settle.ts';
import { cleanTemporal } from './temporal.ts';

export interface WorkspaceOptions {
  /** Settings on top of the test's own, as environment variables. */
  env?: Record<string, string>;
  /** Documents by kind and key; a singleton's key is `default`. */
  documents?: Partial<Record<DocumentKind, Record<string, unknown>>>;
  /** Reps by key, all in one pool `sales` with the weight given; an array means weight 1 each. */
  reps?: readonly string[] | Record<string, number>;
  /** Freezes the clock at this instant; without it the workspace lives on real time. */
  at?: string | Date;
}

let shipped: ReturnType<typeof shippedTemplates> | undefined;

export type Workspace = Awaited<ReturnType<typeof workspace>>;

/**
 * A firm of the test's own: its database, its task queue, its api in this process, and when asked its worker. Everything is
 * closed and removed when the test ends; called outside a test (beforeAll), call `close` yourself.
 */
export async function workspace({ env = {}, documents = {}, reps = [], at }: WorkspaceOptions = {}) {
  const { temporalAddress } = inject('services');
  const database = await createDatabase();
  const name = `test-${randomBytes(5).toString('hex')}`;
  const config = readConfig({
    TENDRIL_ENV: 'test',
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE: name,
    TEMPORAL_PREFIX: `${name}/`,
    TENDRIL_SECRET: 'a secret of the tests, long enough',
    MAIL_TRANSPORT: 'capture',
    PUBLIC_URL: 'http://tendril.test',
    PORT: '0',
    DATABASE_POOL_API: '5',
    DATABASE_POOL_PRISMA: '2',
    DATABASE_POOL_WORKER: '6',
    FORM_RATE: '100000',
    SHUTDOWN_GRACE: '2',
    SWEEP_EVERY: '3600',
    LOG_LEVEL: process.env['TENDRIL_TEST_LOG'] ?? 'silent',
    ...env,
  });
  const { pool } = database;
  const log = pino({ level: config.LOG_LEVEL });
  const templates = await (shipped ??= shippedTemplates('test/fixtures/templates'));
  const api = createTendril({ config, log, templates, roles: { api: true, worker: false } });
  const closing: (() => Promise<void>)[] = [];

  for (const [kind, byKey] of Object.entries(documents)) {
    for (const [key, body] of Object.entries(byKey)) await putDocument(pool, kind as DocumentKind, key, body);
  }
  await addReps(pool, reps);
  const newKey = async (...scopes: Scope[]) => (await createKey(pool, { name: scopes.join(), scopes })).key;
  const adminKey = await newKey('admin');
  const admin = clientOf(api.fetch!, adminKey);
  if (at) await freeze(at);

  let worker: Tendril | undefined;

  /** Freezes the clock, where it stands or at an instant that is not past. */
  async function freeze(instant?: string | Date): Promise<void> {
    await pool.query('update workspace set clock_anchor_at = coalesce($1, clock()), clock_anchor_real = now(), clock_rate = 0', [
      instant ?? null,
    ]);
    await pool.query('select ensure_partitions(4)');
  }

  async function close(): Promise<void> {
    await worker?.stop();
    for (const end of closing) await end();
    await api.stop();
    if (worker) await cleanTemporal(temporalAddress, config);
    await database.drop();
  }
  if (TestRunner.getCurrentTest()) onTestFinished(close);

  return {
    ...admin,
    config,
    pool,
    databaseUrl: database.url,
    poke: api.poke,
    fetch: api.fetch!,
    adminKey,
    newKey,
    /** Requests without a key. */
    anyone: clientOf(api.fetch!),
    /** Requests with another key. */
    with: (key: string): Client => clientOf(api.fetch!, key),
    freeze,
    /** Moves the clock on, e.g. `3d`, or to an instant; loops look again at once. */
    async jump(to: string | Date): Promise<void> {
      const how = to instanceof Date ? { to: to.toISOString() } : /^\d{4}-/.test(to) ? { to } : { by: to };
      await expectOk(await admin.post('/v1/clock', { action: 'jump', ...how }));
    },
    /** Moves the clock to the next instant at which something falls due; false when nothing ever will. */
    async jumpToNext(): Promise<boolean> {
      const answer = await admin.post('/v1/clock', { action: 'jump', to: 'next' });
      if (answer.status === 409) return false;
      await expectOk(answer);
      return true;
    },
    /** Workspace time. */
    async now(): Promise<Date> {
      return (await pool.query<{ now: Date }>('select clock() as now')).rows[0]!.now;
    },
    /** Starts the real worker in this process and waits until it polls. */
    async startWorker(): Promise<void> {
      worker ??= createTendril({ config, log, templates, roles: { api: false, worker: true } });
      await (
        await worker.start()
      ).workerStarted;
    },
    async stopWorker(): Promise<void> {
      await worker?.stop();
      worker = undefined;
    },
    /** Serves the api on a real socket and answers its URL. */
    async listen(): Promise<string> {
      const server = await listen(api.fetch!, { port: 0, host: '127.0.0.1' });
      closing.push(() => server.close());
      return `http://127.0.0.1:${server.port}`;
    },
    /** The mails that were captured, oldest first; to one address, or to everybody. */
    outbox: (to?: string) => readOutbox(pool, to),
    /** Waits until nothing is due, woken, queued or under way. Needs the worker. */
    settle: (deadlineMs?: number) => settle(pool, api.poke, deadlineMs),
    close,
  };
}

async function expectOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}
