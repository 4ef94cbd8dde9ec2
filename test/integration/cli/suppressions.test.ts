import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

test('a list is tried, imported and exported from the command line', async () => {
  const firm = await workspace();
  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  const dir = await mkdtemp(join(tmpdir(), 'tendril-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const [list, kept] = [join(dir, 'list.csv'), join(dir, 'kept.csv')];
  await writeFile(list, 'email,created\nmei@huadong.example,1\nnobody,2\n');

  const tried = await tendril(['suppressions', 'import', list, '--dry-run'], env);
  expect(tried).toMatchObject({ code: 0, err: '' });
  expect(tried.out).toMatch(/SendGrid: unsubscribes: 2 rows[^]*would be barred +1\n[^]*line 3 is not an email address/);
  const done = await tendril(['suppressions', 'import', list, '--json', '--scope', 'all'], env);
  expect(JSON.parse(done.out)).toMatchObject({ added: 1, kinds: { unsubscribe: 1 }, dryRun: false });

  expect(await tendril(['suppressions', 'export', kept], env)).toMatchObject({ code: 0, out: '' });
  expect(await readFile(kept, 'utf8')).toContain('mei@huadong.example,unsubscribe,all,import:');
  expect((await tendril(['suppressions', 'export', kept], env)).err).toContain('is there already');
});
