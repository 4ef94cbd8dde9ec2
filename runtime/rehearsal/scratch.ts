import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../db/migrate.ts';

export interface Scratch {
  name: string;
  url: string;
  drop(): Promise<void>;
}

/** A database of its own on the server of the one that runs, migrated and empty. Dropped at the end, whoever is still connected. */
export async function createScratch(databaseUrl: string): Promise<Scratch> {
  const name = `tendril_rehearsal_${randomBytes(4).toString('hex')}`;
  await onServer(databaseUrl, `create database ${name}`);
  const url = withDatabase(databaseUrl, name);
  const drop = (): Promise<void> => onServer(databaseUrl, `drop database if exists ${name} with (force)`);
  try {
    await migrate(url);
  } catch (error) {
    await drop();
    throw error;
  }
  return { name, url, drop };
}

function withDatabase(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
