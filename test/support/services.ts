import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { createLog } from '../../runtime/log.ts';
import { startPostgres } from '../../runtime/local/postgres.ts';
import { startTemporal } from '../../runtime/local/temporal.ts';
import { ensureTemplate } from './template.ts';

/** What a test needs to know of the run's Postgres and Temporal. */
export interface Services {
  databaseUrl: string;
  /** The migrated database to copy. */
  template: string;
  temporalAddress: string;
  namespace: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    services: Services;
  }
}

export const NAMESPACE = 'tendril';

/** One Postgres and one Temporal server in a folder of their own; `stop` ends both and removes the folder. */
export async function startServices(): Promise<{ databaseUrl: string; temporalAddress: string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'tendril-test-'));
  const log = createLog('warn');
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dir: join(dir, 'postgres'), log }),
    startTemporal({ dir: join(dir, 'temporal'), namespace: NAMESPACE, log }),
  ]);
  await loseNothingButSpeed(postgres.url);
  return {
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    async stop() {
      await Promise.all([temporal.stop(), postgres.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A test's database does not have to survive a power cut. */
async function loseNothingButSpeed(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) await client.query(`alter system set ${setting} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
}

/** Vitest's global setup: starts the services, or takes those that the environment names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TENDRIL_TEST_DATABASE_URL: databaseUrl, TENDRIL_TEST_TEMPORAL: temporalAddress } = process.env;
  const services =
    databaseUrl && temporalAddress ? { databaseUrl, temporalAddress, stop: () => Promise.resolve() } : await startServices();
  const template = await ensureTemplate(services.databaseUrl);
  project.provide('services', {
    databaseUrl: services.databaseUrl,
    temporalAddress: services.temporalAddress,
    template,
    namespace: NAMESPACE,
  });
  return services.stop;
}
