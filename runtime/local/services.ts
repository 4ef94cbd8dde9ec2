import { join } from 'node:path';
import type { Config } from '../config.ts';
import { sinceWords } from '../since.ts';
import { keepRunning } from './keep-running.ts';
import { type LocalPostgres, startPostgres } from './postgres.ts';
import { type LocalTemporal, startTemporal } from './temporal.ts';

export interface LocalServices {
  databaseUrl: string;
  temporalAddress: string;
  /** Temporal's own pages; null where the cluster is not ours. */
  temporalUiUrl: string | null;
  /** Temporal first, Postgres last. */
  stop(): Promise<void>;
}

/** The database and the Temporal server of a local instance: those the settings name, and for the rest our own under `home`. */
export async function startServices(
  config: Config,
  home: string,
  show: { log(line: string): void; done(line: string): void },
): Promise<LocalServices> {
  const stops: (() => Promise<void>)[] = [];

  async function database(): Promise<string> {
    if (config.DATABASE_URL) return config.DATABASE_URL;
    const begun = Date.now();
    const dir = join(home, 'postgres');
    const postgres = await keepRunning<LocalPostgres>(
      'PostgreSQL',
      (first) => startPostgres({ dir, port: first?.port, log: show.log }),
      show.log,
    );
    stops.push(() => postgres.stop());
    show.done(`PostgreSQL runs on port ${postgres.port} (${sinceWords(begun)})`);
    return postgres.url;
  }

  async function temporal(): Promise<{ address: string; uiUrl: string | null }> {
    if (config.TEMPORAL_ADDRESS) return { address: config.TEMPORAL_ADDRESS, uiUrl: null };
    const begun = Date.now();
    const options = { dir: join(home, 'temporal'), namespace: config.TEMPORAL_NAMESPACE, cliPath: config.TEMPORAL_CLI_PATH, log: show.log };
    const server = await keepRunning<LocalTemporal>(
      'The Temporal server',
      (first) => startTemporal({ ...options, port: first?.port, uiPort: first?.uiPort }),
      show.log,
    );
    stops.unshift(() => server.stop());
    show.done(`Temporal runs on port ${server.port} (${sinceWords(begun)})`);
    return server;
  }

  const [postgres, cluster] = await Promise.allSettled([database(), temporal()]);
  async function stop(): Promise<void> {
    for (const close of stops) await close();
  }
  if (postgres.status === 'rejected' || cluster.status === 'rejected') {
    await stop();
    throw postgres.status === 'rejected' ? postgres.reason : (cluster as PromiseRejectedResult).reason;
  }
  return { databaseUrl: postgres.value, temporalAddress: cluster.value.address, temporalUiUrl: cluster.value.uiUrl, stop };
}
