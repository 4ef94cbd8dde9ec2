import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-quic', '--disable-background-networking'];
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** A headless Chromium: the one of this machine, else one that is fetched. Throws with every way there is when none works. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ARGS });
}

function findChromium(): string {
  const found = present() ?? fetchByPlaywright() ?? installByApt();
  if (found) return found;
  throw new Error(
    `No Chromium for the browser tests. Any of these will do:
  1. CHROMIUM_PATH=/path/to/chromium (or chrome)
  2. a browser at one of ${PLACES.join(', ')}
  3. npx playwright-core install chromium, which needs cdn.playwright.dev
  4. apt-get install chromium, as root`,
  );
}

function present(): string | null {
  const given = process.env['CHROMIUM_PATH'];
  if (given) {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH names ${given}, which is not there`);
  }
  return [...PLACES, chromium.executablePath()].find((path) => path && existsSync(path)) ?? null;
}

function fetchByPlaywright(): string | null {
  console.error('tests: no Chromium here; asking Playwright to fetch one (some 170 MB, once)');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'ignore', timeout: 180_000 });
  return present();
}

function installByApt(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  console.error('tests: installing Debian’s chromium, because no other is to be had (a minute or two, once)');
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', timeout: 120_000 });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore', timeout: 300_000 });
  } catch {
    return null;
  }
  return present();
}
