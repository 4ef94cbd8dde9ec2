import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../../runtime/local/postgres.ts';
import { bornAt } from '../../../runtime/local/process-identity.ts';

const POSTGRES = new URL('../../../runtime/local/postgres.ts', import.meta.url).href;

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tendril-postgres-'));
  chmodSync(dir, 0o755);
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Another process that starts the server there and keeps it. Answers once it runs. */
async function owner(dir: string): Promise<{ url: string; kill(): Promise<void> }> {
  const script = `import { startPostgres } from '${POSTGRES}';
    const { url } = await startPostgres({ dir: ${JSON.stringify(dir)}, log: () => {} });
    console.log(url); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }
  return { url, kill };
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test('what was committed is there after a kill -9, and the server left behind makes room', async () => {
  const dir = folder();
  const first = await owner(dir);
  await query(first.url, 'create table kept (n integer)');
  await query(first.url, 'insert into kept values (7)');

  await expect(startPostgres({ dir, log: () => {} })).rejects.toThrow(/in use by another Tendril/);

  await first.kill();
  const orphan = (JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8')) as { pid: number }).pid;
  expect(bornAt(orphan)).not.toBeNull();
  const again = await startPostgres({ dir, log: () => {} });
  try {
    expect(bornAt(orphan)).toBeNull();
    expect(await query(again.url, 'select n from kept')).toEqual([{ n: 7 }]);
  } finally {
    await again.stop();
  }
});

test('a pid that now belongs to somebody else is left alone', async () => {
  const dir = folder();
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void stranger.kill());
  writeFileSync(join(dir, 'server.json'), JSON.stringify({ pid: stranger.pid, born: 'another birth', owner: 1, ownerBorn: null }));
  const server = await startPostgres({ dir, log: () => {} });
  await server.stop();
  expect(bornAt(stranger.pid!)).not.toBeNull();
});
