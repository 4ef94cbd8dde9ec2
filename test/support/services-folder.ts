import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopOrphan } from '../../runtime/local/child.ts';

const NAME = 'tendril-test-';
/** Where Linux keeps files in memory: each test copies a database of a thousand files, which takes ten times as long on a disk. */
const MEMORY = '/dev/shm';
/** What all tests together need at once, with room to spare. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** A new folder for the servers of one run of the tests, in memory where there is enough. What killed runs left is cleared away. */
export async function servicesFolder(log: (line: string) => void): Promise<string> {
  const base = (await freeBytes(MEMORY)) > ENOUGH_BYTES ? MEMORY : tmpdir();
  await clearAbandoned(base, log);
  const dir = await mkdtemp(join(base, `${NAME}${process.pid}-`));
  // As root, the database runs as another user, who must be able to enter.
  await chmod(dir, 0o755);
  return dir;
}

async function freeBytes(path: string): Promise<number> {
  const found = await statfs(path).catch(() => null);
  return found ? found.bavail * found.bsize : 0;
}

/** Folders of runs whose process is gone, with the servers that outlived it. */
async function clearAbandoned(base: string, log: (line: string) => void): Promise<void> {
  const ours = (await readdir(base)).filter((name) => name.startsWith(NAME));
  const abandoned = ours.filter((name) => !isAlive(Number.parseInt(name.slice(NAME.length), 10)));
  for (const name of abandoned) {
    const dir = join(base, name);
    try {
      for (const server of ['postgres', 'temporal']) await stopOrphan(server, join(dir, server, 'server.json'), log);
      await rm(dir, { recursive: true, force: true });
    } catch (error) {
      log(`${dir} of an earlier run stays: ${(error as Error).message}`);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
