import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Child, endProcess, startChild, stopOrphan } from './child.ts';
import { freePort } from './free-port.ts';
import { type PostgresPlace, postgresPlace } from './postgres-place.ts';
import { bornAt, commandLine } from './process-identity.ts';

export interface LocalPostgres {
  url: string;
  port: number;
  /** Settles when the server has ended, wanted or not. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

const MAJOR = '18';
const START_LIMIT_MS = 60_000;

/** Made for one machine that others share: modest memory, safe commits, and only those on this machine who know the password. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  synchronous_commit: 'on',
  wal_compression: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/**
 * Starts the real PostgreSQL that comes with npm, with its files under `dir` and a database `tendril`. What a killed run left
 * (a server still running, a stale pid file, a half-made cluster) is cleared away first. `settings` go on top of ours.
 */
export async function startPostgres(options: {
  dir: string;
  port?: number;
  settings?: Record<string, string>;
  log: (line: string) => void;
}): Promise<LocalPostgres> {
  const dir = resolve(options.dir);
  const { log } = options;
  const pidFile = join(dir, 'server.json');
  await stopOrphan('PostgreSQL', pidFile, log);
  const place = await postgresPlace(dir, log);
  const data = join(place.dir, 'data');
  await clearPostmasterPid(data, log);
  const password = existsSync(data) ? readFileSync(join(dir, 'password'), 'utf8').trim() : initialise(dir, place, data, log);
  if (readFileSync(join(data, 'PG_VERSION'), 'utf8').trim() !== MAJOR) {
    throw new Error(
      `The database in ${data} is not of PostgreSQL ${MAJOR}. Dump it with the Tendril that made it, or start with an empty TENDRIL_HOME.`,
    );
  }

  const logFile = join(dir, 'postgres.log');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const flags = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = startChild({
      command: place.postgres,
      args: ['-D', data, '-p', String(port), ...flags],
      logFile,
      pidFile,
      user: place.user,
    });
    const urlOf = (database: string) => `postgresql://tendril:${password}@127.0.0.1:${port}/${database}`;
    const trouble = await untilReady(child, urlOf('postgres'));
    if (!trouble) return { url: urlOf('tendril'), port, exited: child.exited, stop: () => child.stop() };
    await child.stop();
    // The port went to somebody else meanwhile, or backends of a killed server are still letting go of its shared memory.
    if (attempt === 10) throw new Error(`PostgreSQL did not start (${trouble}); its log is ${logFile}`);
    await sleep(500);
  }
}

/** Makes the cluster beside its final place and moves it there whole, so that one cut short is never taken for a good one. */
function initialise(dir: string, place: PostgresPlace, data: string, log: (line: string) => void): string {
  log('making the database files, because this is the first start here');
  const password = randomBytes(24).toString('base64url');
  const half = join(place.dir, 'data.new');
  rmSync(half, { recursive: true, force: true });
  writeFileSync(join(dir, 'password'), password, { mode: 0o600 });
  const passwordFile = join(place.dir, 'password.new');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.user) chownSync(passwordFile, place.user.uid, place.user.gid);
  const made = spawnSync(
    place.initdb,
    [
      '-D',
      half,
      '-U',
      'tendril',
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { encoding: 'utf8', cwd: place.dir, env: { ...process.env, LC_ALL: 'C' }, ...place.user },
  );
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw new Error(`PostgreSQL could not make its files in ${half}: ${made.error?.message ?? made.stderr}`);
  renameSync(half, data);
  return password;
}

/** A server of this very cluster that our own pid file does not know is stopped; a pid file of one that is gone is removed. */
async function clearPostmasterPid(data: string, log: (line: string) => void): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const born = pid > 0 ? bornAt(pid) : null;
  if (born && commandLine(pid).includes(`-D ${data}`)) {
    log(`stopping the PostgreSQL that an earlier run left behind (process ${pid})`);
    await endProcess(pid, born);
  }
  rmSync(file, { force: true });
}

/** Null once the server answers and the database is there; else what went wrong. */
async function untilReady(child: Child, url: string): Promise<string | null> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.hasExited()) return child.exited;
    if (Date.now() > deadline) return `no answer within ${START_LIMIT_MS / 1000} s`;
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rowCount } = await client.query(`select from pg_database where datname = 'tendril'`);
      if (rowCount === 0) await client.query('create database tendril');
      return null;
    } catch {
      await sleep(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
