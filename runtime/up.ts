import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { adoptAdminKey } from '../db/admin-key.ts';
import { migrate } from '../db/migrate.ts';
import { isDemo, seed } from '../demo/seed.ts';
import { startTraffic } from '../demo/traffic.ts';
import { banner } from './banner.ts';
import { createTendril } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { createLifetime } from './lifetime.ts';
import { freePort, isPortFree } from './local/free-port.ts';
import { localKeys } from './local/keys.ts';
import { announceRunning, readRunning } from './local/running.ts';
import { startServices } from './local/services.ts';
import { createLocalLog } from './log.ts';
import { sinceWords } from './since.ts';
import { shippedTemplates } from './templates.ts';

// `npm start`: everything on this machine in one process, with its own Postgres and Temporal beside it.

const lifetime = createLifetime({ say, patienceMs: 60_000 });

async function up({ empty }: { empty: boolean }): Promise<void> {
  const begun = Date.now();
  const given = readConfig();
  const home = resolve(given.TENDRIL_HOME);
  const other = readRunning(home);
  if (other) throw new Error(`Tendril runs here already: ${other.url} (process ${other.pid}). For a second one set TENDRIL_HOME and PORT.`);
  const port = given.PORT || (await freePort());
  if (!(await isPortFree(port, given.HOST)))
    throw new Error(`Port ${port} is taken. Set PORT to another one, e.g. PORT=${port + 1} npm start`);

  const keys = localKeys(home);
  const services = await startServices(given, home, { log: (line) => say(`  ${line}`), done });
  lifetime.opened('the local services', services.stop);

  const config: Config & { DATABASE_URL: string } = {
    ...given,
    PORT: port,
    publicUrl: given.PUBLIC_URL ? given.publicUrl : `http://localhost:${port}`,
    DATABASE_URL: services.databaseUrl,
    TEMPORAL_ADDRESS: services.temporalAddress,
    TEMPORAL_UI_URL: given.TEMPORAL_UI_URL ?? services.temporalUiUrl ?? undefined,
    TENDRIL_SECRET: given.TENDRIL_SECRET ?? keys.secret,
  };
  await timed(
    () => migrate(config.DATABASE_URL),
    (applied) => (applied.length > 0 ? `Database brought up to date: ${applied.join(', ')}` : null),
  );
  if (lifetime.isStopping()) return;

  const log = createLocalLog(config.LOG_LEVEL, resolve(home, 'logs', 'tendril.log'));
  const tendril = createTendril({ config, log, templates: await shippedTemplates(), roles: { api: true, worker: true } });
  lifetime.opened('api and worker', tendril.stop);
  await adoptAdminKey(tendril.pool, config.TENDRIL_ADMIN_KEY ?? keys.adminKey, { alone: true });
  await timed(
    () => seed({ pool: tendril.pool, log, empty }),
    () => 'Workspace ready',
  );
  const { workerStarted } = await timed(
    () => tendril.start(),
    () => `API listens on port ${port}`,
  );
  const running = announceRunning(home, { url: config.publicUrl, ...services });
  lifetime.opened('the note of what runs', running.forget);
  await timed(
    () => workerStarted,
    () => 'Worker runs',
  );
  if (config.TENDRIL_DEMO_TRAFFIC && (await isDemo(tendril.pool))) {
    const traffic = startTraffic({ url: config.publicUrl, adminKey: config.TENDRIL_ADMIN_KEY ?? keys.adminKey, log });
    lifetime.opened('the simulated visitors', traffic.stop);
  }
  say(banner({ config, home, temporalUiUrl: services.temporalUiUrl, adminKeyFile: keys.adminKeyFile, took: sinceWords(begun) }));
}

/** Does one part of the start and says how long it took; `line` answers null where there is nothing to tell. */
async function timed<T>(work: () => Promise<T>, line: (result: T) => string | null): Promise<T> {
  const begun = Date.now();
  const result = await work();
  const told = line(result);
  if (told) done(`${told} (${sinceWords(begun)})`);
  return result;
}

/** What we or the system say on purpose is for people; a mistake of ours needs its stack. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const mistake = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return mistake ? (error.stack ?? error.message) : error.message;
}

function done(line: string): void {
  say(`✓ ${line}`);
}

function say(line: string): void {
  console.error(line);
}

try {
  // Without the `--` between them npm keeps the option to itself.
  const kept = process.env['npm_config_empty'] === 'true';
  const { values } = parseArgs({ options: { empty: { type: 'boolean', default: kept } } });
  await up(values);
} catch (error) {
  if (!lifetime.isStopping()) say(inWords(error));
  await lifetime.stop(1);
}
