import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../runtime/config.ts';

export interface Target {
  /** Start of every URL, without a slash at the end. */
  url: string;
  key: string | null;
  /** Where a key was looked for, for a message. */
  keyFile: string;
}

/** Which instance a command talks to, and with which key: as the settings say, else the one that runs in this home. */
export function findTarget({ TENDRIL_URL, TENDRIL_API_KEY, TENDRIL_HOME, PORT }: Config, url?: string): Target {
  const home = resolve(TENDRIL_HOME);
  const keyFile = join(home, 'admin.key');
  return {
    url: (url ?? TENDRIL_URL ?? runningUrl(home) ?? `http://localhost:${PORT}`).replace(/\/$/, ''),
    key: TENDRIL_API_KEY ?? readText(keyFile),
    keyFile,
  };
}

/** The url in the note that a running instance leaves in its home. */
function runningUrl(home: string): string | null {
  const note = readText(join(home, 'running.json'));
  try {
    return note === null ? null : (JSON.parse(note) as { url: string }).url;
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
