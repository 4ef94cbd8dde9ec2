import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bornAt } from './process-identity.ts';

/** What another command of the same home needs in order to talk to the instance that runs there. */
export interface Running {
  pid: number;
  /** Start of every URL of the api, without a slash at the end. */
  url: string;
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | null;
}

const fileOf = (home: string) => join(home, 'running.json');

/** Tells others where this process can be reached; only the owner of the home may read it, for the database's password is in it. */
export function announceRunning(home: string, running: Omit<Running, 'pid'>): { forget(): void } {
  const path = fileOf(home);
  writeFileSync(`${path}.new`, JSON.stringify({ ...running, pid: process.pid, born: bornAt(process.pid) }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return { forget: () => rmSync(path, { force: true }) };
}

/** The instance that runs in this home now, or null: one that was killed is not taken for running. */
export function readRunning(home: string): Running | null {
  try {
    const { born, ...running } = JSON.parse(readFileSync(fileOf(home), 'utf8')) as Running & { born: string | null };
    return born !== null && bornAt(running.pid) === born ? running : null;
  } catch {
    return null;
  }
}
