import { readFile, readdir } from 'node:fs/promises';
import { Client } from 'pg';
import { openSchemaEngine } from './schema-engine.ts';

/** The same folder beside this file in the source tree and in dist/, where the build copies it. */
const MIGRATIONS = new URL('../prisma/migrations/', import.meta.url);
/** Ours alone; any number will do as long as every Tendril uses it. */
const MIGRATION_LOCK = 7_366_360;

/** The migrations as they stand in the repository, in the order in which they apply. */
export async function readMigrations(): Promise<{ name: string; sql: string }[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(new URL(`${name}/migration.sql`, MIGRATIONS), 'utf8') })));
}

/**
 * Brings the database up to the newest migration and answers the names of those applied now. The record is Prisma's own table,
 * so `prisma migrate` works on the same database. Safe when many start at once: one migrates, the others wait for it and find
 * nothing left to do. A migration is one transaction, its record included: one that failed or was cut short is simply tried again.
 */
export async function migrate(connectionString: string, log?: (line: string) => void): Promise<string[]> {
  const migrations = await readMigrations();
  const guard = new Client({ connectionString, application_name: 'tendril-migrate' });
  // A session that breaks fails the statement under way; without a listener it would end the process.
  guard.on('error', () => {});
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    // The usual start, with nothing to do, costs one query and no engine.
    if (await isCurrent(guard, migrations)) return [];
    await forgetUnfinished(guard);
    const lockfile = await readFile(new URL('migration_lock.toml', MIGRATIONS), 'utf8');
    const { engine, close } = await openSchemaEngine(connectionString);
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: {
          baseDir: 'migrations',
          lockfile: { path: 'migration_lock.toml', content: lockfile },
          migrationDirectories: migrations.map(({ name, sql }) => ({
            path: name,
            migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
          })),
          shadowDbInitScript: '',
        },
        filters: { externalTables: [], externalEnums: [] },
      });
      for (const name of appliedMigrationNames) log?.(`applied migration ${name}`);
      return appliedMigrationNames;
    } finally {
      await close();
    }
  } finally {
    // Ending the session gives the lock back.
    await guard.end();
  }
}

async function hasRecord(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ kept: boolean }>(`select to_regclass('_prisma_migrations') is not null as kept`);
  return rows[0]!.kept;
}

/** We hold the lock, so what is begun and not finished was rolled back with its transaction; in Prisma's record it says so. */
async function forgetUnfinished(client: Client): Promise<void> {
  if (!(await hasRecord(client))) return;
  await client.query('update _prisma_migrations set rolled_back_at = now() where finished_at is null and rolled_back_at is null');
}

async function isCurrent(client: Client, migrations: readonly { name: string }[]): Promise<boolean> {
  if (!(await hasRecord(client))) return false;
  const { rows: applied } = await client.query<{ name: string; finished: boolean }>(
    `select migration_name as name, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null`,
  );
  const done = new Set(applied.filter((row) => row.finished).map((row) => row.name));
  return applied.every((row) => row.finished) && migrations.every((migration) => done.has(migration.name));
}
