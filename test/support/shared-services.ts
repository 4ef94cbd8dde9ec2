import { startServices } from './start-services.ts';

/**
 * Keeps one Postgres and one Temporal server for many quick runs: `npx tsx test/support/shared-services.ts`, then export the two
 * lines it prints. Ctrl-C ends them.
 */
const services = await startServices();
console.log(`export TENDRIL_TEST_DATABASE_URL='${services.databaseUrl}'`);
console.log(`export TENDRIL_TEST_TEMPORAL='${services.temporalAddress}'`);

const stay = setInterval(() => {}, 60_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(stay);
    void services.stop();
  });
}
