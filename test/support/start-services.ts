import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../runtime/local/postgres.ts';
import { startTemporal } from '../../runtime/local/temporal.ts';

export const NAMESPACE = 'tendril';

/** A test's database does not have to survive a power cut. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '400' };

/** One Postgres and one Temporal server in a folder of their own; `stop` ends both and removes the folder. */
export async function startServices(): Promise<{ databaseUrl: string; temporalAddress: string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'tendril-test-'));
  // As root, the database runs as another user, who must be able to enter.
  await chmod(dir, 0o755);
  const log = (line: string) => console.error(`test services: ${line}`);
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dir: join(dir, 'postgres'), settings: FAST, log }),
    startTemporal({ dir: join(dir, 'temporal'), namespace: NAMESPACE, log }),
  ]);
  return {
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    async stop() {
      await Promise.all([temporal.stop(), postgres.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
