import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { migrate } from '../../db/migrate.ts';

const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url);

/** The same server's URL with another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * Makes the migrated database that each test's own is copied from, once for every state of the migrations, and answers its name.
 * `url` is any database of the server. Safe to call from several runs at once.
 */
export async function ensureTemplate(url: string): Promise<string> {
  const name = `tendril_template_${await migrationsHash()}`;
  const admin = new Client({ connectionString: withDatabase(url, 'postgres') });
  await admin.connect();
  try {
    await admin.query(`select pg_advisory_lock(hashtext('tendril_template'))`);
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await admin.query(`drop database if exists ${name}_building with (force)`);
      await admin.query(`create database ${name}_building`);
      await migrate(withDatabase(url, `${name}_building`));
      await admin.query(`alter database ${name}_building rename to ${name}`);
    }
    return name;
  } finally {
    await admin.end();
  }
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  const files = (await readdir(MIGRATIONS, { recursive: true })).filter((file) => file.endsWith('.sql')).toSorted();
  for (const file of files) hash.update(await readFile(new URL(file, MIGRATIONS)));
  return hash.digest('hex').slice(0, 12);
}
