import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { migrate, readMigrations } from '../../../db/migrate.ts';
import { withDatabase } from '../../support/template.ts';

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function blankDatabase(): Promise<{ url: string; client: Client }> {
  const { databaseUrl } = inject('services');
  const name = `tendril_blank_${Math.random().toString(36).slice(2)}`;
  const admin = await connect(withDatabase(databaseUrl, 'postgres'));
  await admin.query(`create database ${name}`);
  const url = withDatabase(databaseUrl, name);
  const client = await connect(url);
  onTestFinished(async () => {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  return { url, client };
}

test('of many that start at once one migrates, and Prisma finds its own record of it', async () => {
  const { url, client } = await blankDatabase();
  const names = (await readMigrations()).map(({ name }) => name);

  const applied = await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)]);
  expect(applied.filter((some) => some.length > 0)).toEqual([names]);
  expect(await migrate(url)).toEqual([]);
  const { rows } = await client.query('select migration_name, finished_at is not null as finished from _prisma_migrations order by 1');
  expect(rows).toEqual(names.map((name) => ({ migration_name: name, finished: true })));
});

test('a migration cut short by a kill left nothing behind and is made again', async () => {
  const { url, client } = await blankDatabase();
  const [first] = await migrate(url);
  // As it stands when the process dies between the note that it begins and the commit.
  await client.query('drop schema public cascade; create schema public');
  await client.query(
    `create table _prisma_migrations (
       id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text,
       rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`,
  );
  await client.query(`insert into _prisma_migrations (id, checksum, migration_name) values ('1', 'x', $1)`, [first]);

  expect(await migrate(url)).toContain(first);
  const { rows } = await client.query('select count(*)::int as workspaces from workspace');
  expect(rows).toEqual([{ workspaces: 1 }]);
  expect(await migrate(url)).toEqual([]);
});
