import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { adoptAdminKey } from '../../db/admin-key.ts';
import { migrate } from '../../db/migrate.ts';
import { createPool } from '../../db/pool.ts';
import { freePort } from '../../runtime/local/free-port.ts';
import { startPostgres } from '../../runtime/local/postgres.ts';
import { startTemporal } from '../../runtime/local/temporal.ts';
import { startMailSink } from './mail-sink.ts';
import { run } from './run.ts';

/** Connections to the mail server, ours and the baseline's. */
export const SMTP_CONNECTIONS = '20';

export type Services = Awaited<ReturnType<typeof startBenchServices>>;

/** A Postgres that really writes to disk, a Temporal server (that of TEMPORAL_ADDRESS, where it is set), a mail sink: one of each for the whole run. */
export async function startBenchServices() {
  const dir = await mkdtemp(join(tmpdir(), 'tendril-bench-'));
  await chmod(dir, 0o755);
  const log = (line: string): void => console.error(`  ${line}`);
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), log });
  const theirs = process.env['TEMPORAL_ADDRESS'];
  const temporal = theirs ? null : await startTemporal({ dir: join(dir, 'temporal'), namespace: 'tendril', log });
  const sink = await startMailSink();
  return {
    postgresUrl: postgres.url,
    temporalAddress: theirs || temporal!.address,
    /** Starts another Temporal server, as Temporal's CLI starts it; null where TEMPORAL_ADDRESS names the one to be measured. */
    plainTemporal: theirs ? null : () => startTemporal({ dir: join(dir, 'plain'), namespace: 'tendril', pragmas: {}, log }),
    smtpUrl: sink.url,
    sink,
    async stop() {
      sink.stop();
      await temporal?.stop();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface Memory {
  /** MiB in memory now, and at the most since the process began. */
  api: { now: number; peak: number };
  worker: { now: number; peak: number } | null;
}

export type Deployment = Awaited<ReturnType<typeof deploy>>;

/** One workspace as in production: a database, an api process and, unless told otherwise, a worker process (null: none). */
export async function deploy(services: Services, { worker: program = 'dist/runtime/worker.js' }: { worker?: string | null } = {}) {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const admin = new Client({ connectionString: services.postgresUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(services.postgresUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  const pool: Pool = createPool({ connectionString: url.href, max: 4, transactionTimeoutMs: 120_000, applicationName: 'bench' });
  const adminKey = `tnd_${randomBytes(32).toString('base64url')}`;
  await adoptAdminKey(pool, adminKey, { alone: true });
  const port = await freePort();
  const settings: Record<string, string> = {
    TENDRIL_ENV: 'test',
    DATABASE_URL: url.href,
    TEMPORAL_ADDRESS: services.temporalAddress,
    TEMPORAL_TASK_QUEUE: name,
    TEMPORAL_PREFIX: `${name}/`,
    TENDRIL_SECRET: randomBytes(32).toString('hex'),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PORT: String(port),
    MAIL_TRANSPORT: 'smtp',
    SMTP_URL: services.smtpUrl,
    SMTP_CONNECTIONS,
    FORM_RATE: '100000000',
    LOG_LEVEL: 'error',
  };
  const api = run('dist/runtime/api.js', settings);
  const worker = program ? run(program, settings) : null;
  const base = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${base}/readyz`).catch(() => null))?.ok === true, 60_000, 'the api');

  async function call(path: string, body?: unknown, key = adminKey): Promise<Response> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return fetch(base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  return {
    pool,
    url: base,
    settings,
    adminKey,
    call,
    /** The same, for what must succeed. */
    async must(path: string, body: unknown): Promise<void> {
      const answer = await call(path, body);
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    },
    async memory(): Promise<Memory> {
      return { api: await residentMiB(api), worker: worker && (await residentMiB(worker)) };
    },
    async stop(): Promise<void> {
      for (const child of [api, worker]) {
        if (!child || child.exitCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await pool.end();
    },
  };
}

/** Waits until `done` says so, looking every 100 ms; throws after `ms`. */
export async function until(done: () => Promise<boolean>, ms: number, what: string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`${what}: not there after ${ms} ms`);
    await pause(100);
  }
}

async function residentMiB({ pid }: ChildProcess): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const mib = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}
