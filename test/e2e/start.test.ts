import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../runtime/local/free-port.ts';
import { bornAt } from '../../runtime/local/process-identity.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../runtime/bootstrap.mjs', import.meta.url));

interface Started {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

function home(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tendril-home-'));
  chmodSync(dir, 0o755);
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** `npm start -- --empty` in a home of its own; answers when it says that it runs, or has ended. */
async function start(dir: string, port: number): Promise<Started> {
  const env = { ...process.env, TENDRIL_HOME: dir, PORT: String(port), TENDRIL_ENV: 'local' };
  const child = spawn(process.execPath, [BOOTSTRAP, 'up', '--empty'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('Ctrl-C stops it')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => resolve());
  });
  return { child, output: () => text, ended };
}

const pidOf = (dir: string, server: 'postgres' | 'temporal') =>
  (JSON.parse(readFileSync(join(dir, server, 'server.json'), 'utf8')) as { pid: number }).pid;

test('it starts on an empty folder, survives the death of everything, and leaves nothing running', { timeout: 180_000 }, async () => {
  const dir = home();
  const port = await freePort();
  const key = () => readFileSync(join(dir, 'admin.key'), 'utf8').trim();
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${key()}` } });

  const first = await start(dir, port);
  expect(first.output()).toContain('curl');
  expect((await ask('/v1/leads')).status).toBe(200);

  const second = await start(dir, await freePort());
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('Tendril runs here already');

  first.child.kill('SIGKILL');
  for (const server of ['postgres', 'temporal'] as const) process.kill(pidOf(dir, server), 'SIGKILL');
  await first.ended;

  const third = await start(dir, port);
  expect((await ask('/readyz')).status).toBe(200);
  const servers = [pidOf(dir, 'postgres'), pidOf(dir, 'temporal')];
  // Terminals and npm between them send it twice.
  third.child.kill('SIGINT');
  third.child.kill('SIGINT');
  expect(await third.ended).toBe(0);
  expect(servers.map(bornAt)).toEqual([null, null]);
});
