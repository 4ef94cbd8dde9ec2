import { defineConfig } from 'vitest/config';

/** `rules` need nothing but code; `services` share one real Postgres and one real Temporal server (test/README.md). */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/support/matchers.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'rules', include: ['test/unit/**/*.test.ts', 'test/replay/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: ['test/{integration,workflow,e2e,crash}/**/*.test.ts'],
          globalSetup: ['test/support/services.ts'],
          // The whole application is loaded once for each of the two workers, not once for each file: half the time.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
