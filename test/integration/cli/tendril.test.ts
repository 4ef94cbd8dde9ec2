import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tendril, type Said } from '../../support/cli.ts';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

/** A running firm, and the command pointed at it. */
async function office(options: Parameters<typeof workspace>[0] = {}) {
  const firm = await workspace(options);
  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  return {
    firm,
    run: (...args: string[]): Promise<Said> => tendril(args, env),
    json: async (...args: string[]) => JSON.parse((await tendril([...args, '--json'], env)).out) as Record<string, unknown>,
  };
}

function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tendril-cli-')), name);
  writeFileSync(path, text);
  return path;
}

const good = `key: hello
name: Hello
class: transactional
entry: { event: form_submitted }
steps:
  - { id: w1, wait: 2d }
  - id: seen
    waitFor: { event: pricing_viewed, timeout: 5d }
`;

test('the clock is shown, jumped, frozen and set to a rate', async () => {
  const { run, json } = await office({ at: '2027-01-04T09:00:00Z' });
  expect((await run('clock')).out).toContain('2027-01-04 09:00:00 UTC: the clock stands still');
  expect(await json('clock', 'jump', '3d')).toMatchObject({ now: '2027-01-07T09:00:00.000Z' });
  expect(await json('clock', 'rate', '1d=10s')).toMatchObject({ rate: 8640 });
  const nothing = await run('clock', 'jump', '--to-next');
  expect(nothing).toMatchObject({ code: 1, out: '' });
  expect(nothing.err).toContain('Nothing falls due');
});

test('a campaign is linted with lines, launched and watched', async () => {
  const { run, json } = await office();
  const bad = await run('campaign', 'lint', file('bad.yaml', good.replace('wait: 2d', 'wait: soon')));
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/error\s+.*bad\.yaml:6 {2}steps\.0\.wait: .*duration/);

  const path = file('hello.yaml', good);
  expect(await run('campaign', 'lint', path)).toMatchObject({ code: 0 });
  expect((await run('campaign', 'launch', path)).out).toContain('Hello (hello) is live, version 1');
  expect(await json('campaign', 'status', 'hello')).toMatchObject({ state: 'live', steps: [{ id: 'w1' }, { id: 'seen' }] });
  expect((await run('campaign', 'status', 'hello')).out).toMatch(/w1 +wait 2d +0 +0/);
  expect((await run('campaign', 'figures', 'hello')).out).toContain('It has no split');
  expect((await run('campaign', 'launch', 'hello')).out).toContain('Hello (hello) is live, version 1');
  expect((await run('campaign', 'launch', 'nothing')).err).toContain("no campaign 'nothing'");
  expect(await json('campaign', 'pause', 'hello')).toMatchObject({ state: 'paused' });
  expect(await json('campaign', 'resume', 'hello', '--overdue', 'spread:2h')).toMatchObject({ state: 'live' });
  expect(await run('campaign', 'archive', 'hello')).toMatchObject({ code: 1 });
  expect(await json('campaign', 'archive', 'hello', '--yes')).toMatchObject({ state: 'archived' });
});

test('linting needs no instance, and says what it could not check', async () => {
  const away = { TENDRIL_URL: 'http://127.0.0.1:9', TENDRIL_API_KEY: 'tnd_none' };
  const fine = await tendril(['campaign', 'lint', file('hello.yaml', good)], away);
  expect(fine.code).toBe(0);
  expect(fine.out).toContain('were not checked');
  // As into `head`, which has seen enough.
  expect(await tendril(['campaign', 'lint', file('hello.yaml', good)], away, { read: false })).toEqual({ code: 0, out: '', err: '' });
  const twice = await tendril(['campaign', 'lint', file('twice.yaml', good.replace('id: seen', 'id: w1')), '--json', '--offline'], away);
  expect(twice.code).toBe(1);
  expect(JSON.parse(twice.out)).toMatchObject({ ok: false, names: false, findings: [{ path: 'steps.1.id', level: 'error' }] });
});

test('a lead is shown with its score and the reasons', async () => {
  const { firm, run, json } = await office();
  await addPerson(firm.pool, 'mei@huadong.example');
  const shown = await run('lead', 'show', 'mei@huadong.example');
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('Mei Lin');
  expect(await json('lead', 'show', 'mei@huadong.example')).toMatchObject({ lead: { email: 'mei@huadong.example' }, why: [] });
  expect(await run('lead', 'show', 'nobody@nowhere.example')).toMatchObject({ code: 1, out: '' });
  expect((await run('lead', 'tracking', 'mei@huadong.example', 'off')).out).toContain('not noted');
  expect((await run('lead', 'show', 'mei@huadong.example')).out).toContain('not noted since');
  expect(await run('lead', 'tracking', 'mei@huadong.example', 'perhaps')).toMatchObject({ code: 1 });
});

test('the doctor’s exit code says whether a rule is broken', async () => {
  const { firm, run, json } = await office();
  expect(await run('doctor')).toMatchObject({ code: 0 });
  await firm.pool.query("insert into submission (form_key, provider, raw, state) values ('w', 'json', '{}', 'accepted')");
  const found = await run('doctor');
  expect(found.code).toBe(1);
  expect(found.out).toContain('submission-lost');
  expect(await json('doctor')).toMatchObject({ violations: 1 });
});

test('sending is stopped and started, keys are made, pools are shown, the outbox is read', async () => {
  const { firm, run, json } = await office({ reps: ['ana'] });
  expect(await json('sending', 'stop')).toMatchObject({ stopped: true });
  expect(await json('sending', 'start')).toMatchObject({ stopped: false });
  const made = await run('keys', 'create', 'site', '--scopes', 'ingest', '--origins', 'https://firm.example');
  expect(made.out).toMatch(/^tnd_\S+\n$/);
  expect(await firm.with(made.out.trim()).get('/v1/leads')).toHaveStatus(403);
  expect(await json('keys', 'create', 'ana', '--scopes', 'own', '--rep', 'ana')).toMatchObject({ scopes: ['own'], rep: 'ana' });
  expect((await run('pools')).out).toMatch(/Sales \(sales\): nothing waits\n.*\n {2}ana +1 +0 +0 {2}in/);
  expect((await run('outbox')).out).toContain('Nothing was captured yet');
});

test('what cannot be done is told on stderr with what to do, and the exit code is 1', async () => {
  const nobody = await tendril(['clock', '--url', 'http://127.0.0.1:9'], { TENDRIL_API_KEY: 'tnd_x' });
  expect(nobody).toMatchObject({ code: 1, out: '' });
  expect(nobody.err).toContain('npm start');
  expect((await tendril(['clock', 'show'])).err).toContain('TENDRIL_API_KEY');
  expect((await tendril(['doctor', '--fast'])).err).toContain('--fast');
  expect((await tendril(['fly'])).code).toBe(1);
  const { run } = await office();
  const refused = await run('clock', 'rate', 'fast');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('1d=10s');
});

test('help tells every command', async () => {
  const { out, code } = await tendril(['--help']);
  expect(code).toBe(0);
  for (const name of ['up', 'doctor', 'lead', 'campaign', 'clock', 'sending', 'keys', 'outbox']) expect(out).toContain(name);
});
