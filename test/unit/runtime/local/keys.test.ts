import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localKeys } from '../../../../runtime/local/keys.ts';

test('keys are made on the first run, for their owner alone, and stay the same afterwards', () => {
  const home = join(mkdtempSync(join(tmpdir(), 'tendril-keys-')), 'home');
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));

  const first = localKeys(home);
  expect(first.adminKey).toMatch(/^tnd_[\w-]{43}$/);
  expect(first.secret.length).toBeGreaterThanOrEqual(32);
  expect(statSync(first.adminKeyFile).mode & 0o777).toBe(0o600);
  expect(localKeys(home)).toEqual(first);
  expect(readdirSync(home).toSorted()).toEqual(['admin.key', 'secret.key']);
});
