import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const demo = new URL('../../../demo', import.meta.url).pathname;

function everything(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(dir, file), 'utf8')]));
}

test('a folder is pushed into an empty workspace, pulled out again, and says the same', { timeout: 60_000 }, async () => {
  const firm = await workspace();
  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  const run = (...args: string[]) => tendril(args, env);
  const dir = mkdtempSync(join(tmpdir(), 'tendril-folder-'));

  const first = await run('push', demo);
  expect(first.out).toContain('+ campaigns/pump-trial-nurture.yaml');
  expect(first).toMatchObject({ code: 0, err: '' });
  expect((await run('push', demo)).out).toContain('says all of this already');

  expect(await run('pull', dir)).toMatchObject({ code: 0 });
  const pulled = everything(dir);
  for (const [file, text] of Object.entries(pulled)) {
    expect(text).not.toContain('null');
    expect(Object.keys(parse(text) as object).length).toBeGreaterThan(0);
    expect(file).toMatch(/^((forms|segments|campaigns)\/)?[\w-]+\.yaml$/);
  }
  expect((await run('push', dir)).out).toContain('says all of this already');
  rmSync(join(dir, 'campaigns'), { recursive: true });
  await run('pull', dir);
  expect(everything(dir)).toEqual(pulled);

  const topics = join(dir, 'topics.yaml');
  const commented = `# ours\n${pulled['topics.yaml']}`;
  writeFileSync(topics, commented);
  await run('pull', dir);
  expect(readFileSync(topics, 'utf8')).toBe(commented);

  const trial = join(dir, 'campaigns/pump-trial-nurture.yaml');
  writeFileSync(trial, pulled['campaigns/pump-trial-nurture.yaml']!.replace(/^name: .*$/m, 'name: Trials'));
  const compared = await run('diff', dir);
  expect(compared.out).toContain('changed  campaigns/pump-trial-nurture.yaml');
  expect(compared.out).toContain('+ name: Trials');
  expect(await run('push', dir)).toMatchObject({ code: 0 });
  expect(await (await firm.get('/v1/campaigns/pump-trial-nurture')).json()).toMatchObject({
    name: 'Trials',
    newestVersion: 2,
    state: 'draft',
  });
});
