import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../runtime/local/free-port.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../runtime/bootstrap.mjs', import.meta.url));
const patient = { timeout: 120_000, interval: 500 };

/** `npm start` with the demo and its visitors, in a home of its own. Answers when it says that it runs. */
async function start(home: string, port: number): Promise<ChildProcess> {
  const { TENDRIL_TEST_DATABASE_URL: _, TENDRIL_TEST_TEMPORAL: __, ...inherited } = process.env;
  const env = { ...inherited, TENDRIL_HOME: home, PORT: String(port), TENDRIL_ENV: 'local' };
  const child = spawn(process.execPath, [BOOTSTRAP, 'up'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('Ctrl-C stops it')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(text)));
  });
  return child;
}

/** Kills the process, its Postgres and its Temporal, and waits until it is gone. */
async function killEverything(home: string, child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  for (const server of ['postgres', 'temporal']) {
    process.kill((JSON.parse(readFileSync(join(home, server, 'server.json'), 'utf8')) as { pid: number }).pid, 'SIGKILL');
  }
  await gone;
}

test(
  'everything is killed in the middle of the demo and started again: all goes on, nothing is lost or mailed twice',
  { timeout: 400_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'tendril-home-'));
    chmodSync(home, 0o755);
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const port = await freePort();
    const key = () => readFileSync(join(home, 'admin.key'), 'utf8').trim();
    const url = `http://127.0.0.1:${port}`;
    const get = async <T>(path: string) => (await (await fetch(url + path, { headers: { authorization: `Bearer ${key()}` } })).json()) as T;
    const mails = async (to: string) => (await get<{ items: { subject: string }[] }>(`/v1/outbox?to=${to}`)).items.length;
    const ask = (email: string) =>
      fetch(`${url}/f/website`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, name: 'Mei Wang' }),
      });

    let running = await start(home, port);
    // Whatever fails: nothing of ours may stay behind.
    onTestFinished(() => void running.kill('SIGINT'));
    const asked: string[] = [];
    for (let times = 0; times < 2; times++) {
      // In the thick of the visitors' traffic, and with a form that was answered 202 a moment ago.
      await vi.waitFor(
        async () => expect((await get<{ items: unknown[] }>('/v1/outbox?limit=200')).items.length).toBeGreaterThan(2 + times),
        patient,
      );
      const email = `mei${times}@huadong.example`;
      expect((await ask(email)).status).toBe(202);
      asked.push(email);
      await killEverything(home, running);
      running = await start(home, port);
    }
    for (const email of asked) await vi.waitFor(async () => expect(await mails(email)).toBeGreaterThanOrEqual(1), patient);

    // Mails and cases that were in the hands of the dead are in ours within a minute or two; then there is nothing to find.
    await vi.waitFor(async () => {
      const { items } = await get<{ items: { check: string; violations: number; sample: unknown[] }[] }>('/v1/doctor?grace=20');
      expect(items.filter((one) => one.violations > 0).map(({ check, sample }) => ({ check, sample }))).toEqual([]);
    }, patient);
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGINT');
    expect(await ended).toBe(0);
  },
);
