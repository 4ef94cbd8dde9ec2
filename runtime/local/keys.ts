import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LocalKeys {
  /** The API key that may do everything. */
  adminKey: string;
  adminKeyFile: string;
  /** Signs the links in mails. */
  secret: string;
}

/** A new API key: `tnd_` and 32 random bytes. */
export function newKey(): string {
  return `tnd_${randomBytes(32).toString('base64url')}`;
}

/** The keys of a local instance, in files of their own under its home that only their owner may read; made on the first run. */
export function localKeys(home: string): LocalKeys {
  mkdirSync(home, { recursive: true });
  const adminKeyFile = join(home, 'admin.key');
  return {
    adminKeyFile,
    adminKey: readOrMake(adminKeyFile, newKey),
    secret: readOrMake(join(home, 'secret.key'), () => randomBytes(32).toString('base64url')),
  };
}

/** Whole or not at all, and whoever comes first wins: two starts at once agree. */
function readOrMake(path: string, make: () => string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  chmodSync(path, 0o600);
  return readFileSync(path, 'utf8').trim();
}
