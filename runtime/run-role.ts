import { adoptAdminKey } from '../db/admin-key.ts';
import { migrate } from '../db/migrate.ts';
import { createTendril } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { createLifetime } from './lifetime.ts';
import { createLog } from './log.ts';
import { shippedTemplates } from './templates.ts';
import { serveWorkerHealth } from './worker-health.ts';

/**
 * One process of a production deployment. It brings the database up to date (many at once agree on who does), starts, and on SIGTERM
 * drains: the api answers what is under way, the worker finishes its activities within SHUTDOWN_GRACE.
 */
export async function runRole(role: 'api' | 'worker'): Promise<void> {
  const config = settings(role);
  const log = createLog(config.LOG_LEVEL).child({ role });
  const lifetime = createLifetime({ say: (line) => log.info(line), patienceMs: (config.SHUTDOWN_GRACE + 15) * 1_000 });
  try {
    const applied = await migrate(config.DATABASE_URL!);
    if (applied.length > 0) log.info({ applied }, 'the database was brought up to date');
    if (lifetime.isStopping()) return;

    const tendril = createTendril({
      config,
      log,
      templates: await shippedTemplates(),
      roles: { api: role === 'api', worker: role === 'worker' },
    });
    lifetime.opened(role, tendril.stop);
    if (config.TENDRIL_ADMIN_KEY) await adoptAdminKey(tendril.pool, config.TENDRIL_ADMIN_KEY, { alone: false });
    const { port, workerStarted } = await tendril.start();
    if (role === 'worker' && config.WORKER_PORT > 0) {
      const health = await serveWorkerHealth(config, workerStarted);
      lifetime.opened('the health port', health.close);
    }
    log.info({ port }, `the ${role} is up`);
  } catch (error) {
    log.fatal({ err: error }, `the ${role} could not start`);
    await lifetime.stop(1);
  }
}

/** Wrong settings are said in one line and end the process: they need no stack. */
function settings(role: string): Config {
  try {
    return readConfig({ TENDRIL_ENV: 'production', ...process.env });
  } catch (error) {
    createLog('info').fatal({ role }, (error as Error).message);
    process.exit(1);
  }
}
