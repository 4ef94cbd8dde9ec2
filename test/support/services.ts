import type { TestProject } from 'vitest/node';
import { ensureTemplate } from './template.ts';

/** What a test needs to know of the run's Postgres and Temporal. */
export interface Services {
  databaseUrl: string;
  /** The migrated database to copy. */
  template: string;
  temporalAddress: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    services: Services;
  }
}

/** Vitest's global setup: starts the services, or takes those that the environment names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { databaseUrl, temporalAddress, stop } = given() ?? (await (await import('./start-services.ts')).startServices());
  project.provide('services', { databaseUrl, temporalAddress, template: await ensureTemplate(databaseUrl) });
  return stop;
}

function given() {
  const { TENDRIL_TEST_DATABASE_URL: databaseUrl, TENDRIL_TEST_TEMPORAL: temporalAddress } = process.env;
  return databaseUrl && temporalAddress ? { databaseUrl, temporalAddress, stop: () => Promise.resolve() } : null;
}
