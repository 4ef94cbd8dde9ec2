import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

async function office() {
  const firm = await workspace();
  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  return { firm, run: (...args: string[]) => tendril(args, env), dir: mkdtempSync(join(tmpdir(), 'tendril-folder-')) };
}

test('a folder is pushed into an empty workspace, pulled out again, and says the same', { timeout: 120_000 }, async () => {
  const { firm, run, dir } = await office();
  const first = await run('push', demo);
  expect(first.out).toContain('+ campaigns/pump-trial-nurture.yaml');
  expect(first).toMatchObject({ code: 0, err: '' });

  expect(await run('pull', dir)).toMatchObject({ code: 0 });
  const pulled = everything(dir);
  for (const [file, text] of Object.entries(pulled)) {
    expect(Object.keys(parse(text) as object).length).toBeGreaterThan(0);
    expect(file).toMatch(/^((forms|segments|campaigns|sequences)\/)?[\w-]+\.yaml$/);
  }
  expect((await run('push', dir)).out).toContain('says all of this already');

  // What is gone is written as it was; what says the same is left as it is.
  rmSync(join(dir, 'campaigns'), { recursive: true });
  const commented = `# ours\n${pulled['topics.yaml']}`;
  writeFileSync(join(dir, 'topics.yaml'), commented);
  await run('pull', dir);
  expect(everything(dir)).toEqual({ ...pulled, 'topics.yaml': commented });

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

test('a campaign in TypeScript is linted, tried and launched like any other', { timeout: 120_000 }, async () => {
  const { run, dir } = await office();
  writeFileSync(join(dir, 'topics.yaml'), 'topics: [{ key: news, name: News }]\n');
  expect((await run('types', dir)).out).toContain('defineCampaign');
  mkdirSync(join(dir, 'campaigns'));
  const file = join(dir, 'campaigns/typed.ts');
  writeFileSync(
    file,
    `import { defineCampaign } from '../tendril.ts';
const days = ['2d', '4d'] as const;
export default defineCampaign({ key: 'typed', name: 'Typed', topic: 'news', entry: { event: 'signed_up' }, steps: days.map((wait, i) => ({ id: 'w' + i, wait })) });
`,
  );
  expect((await run('push', dir)).out).toContain('+ campaigns/typed.ts');
  expect((await run('campaign', 'launch', file)).out).toContain('Typed (typed) is live, version 1');
  expect((await run('campaign', 'dry-run', file)).out).toContain('0 would enter now');
});
