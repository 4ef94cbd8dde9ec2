import { execFile } from 'node:child_process';
import { cp, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Folders of what runs in production. */
export const CODE = ['activities', 'api', 'cli', 'db', 'demo', 'domain', 'messaging', 'runtime', 'workflows'];
/** Folders whose files other than code are read when Tendril runs: templates, migrations, documents, what pages are made of. */
export const WITH_ASSETS = ['activities', 'api', 'cli', 'db', 'demo', 'domain', 'messaging', 'templates', 'prisma/migrations'];
const NOT_ASSETS = new Set(['.ts', '.mjs', '.md']);

/** Compiles the project into `dist`. With `check: false` its types are not looked at, which takes a fifth of the time. Throws with what the compiler said. */
export async function compileInto(dist: string, { check = true } = {}): Promise<void> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const how = check ? [] : ['--noCheck', '--noEmitOnError', 'false'];
  const args = [compiler, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', dist, ...how];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT }).catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout}${error.stderr}`.trim() || error.message, { cause: error });
  });
}

/** Copies what is not code and is read at run time beside the compiled code. */
export async function copyAssetsInto(dist: string): Promise<void> {
  const filter = async (path: string) => (await stat(path)).isDirectory() || !NOT_ASSETS.has(extname(path));
  for (const folder of WITH_ASSETS.filter((name) => existsSync(join(ROOT, name)))) {
    await cp(join(ROOT, folder), join(dist, folder), { recursive: true, filter });
  }
}
