import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from '../../runtime/local/postgres.ts';
import { startTemporal } from '../../runtime/local/temporal.ts';
import { servicesFolder } from './services-folder.ts';

export const NAMESPACE = 'tendril';

/** A test's database does not have to survive a power cut. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '400', max_wal_size: '256MB' };

/** One Postgres and one Temporal server in a folder of their own; `stop` ends both and removes the folder. */
export async function startServices(): Promise<{ databaseUrl: string; temporalAddress: string; stop(): Promise<void> }> {
  const log = (line: string) => console.error(`test services: ${line}`);
  const dir = await servicesFolder(log);
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
