import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWorkflowBundle } from './workflow-bundle.ts';

// `npm run build`: dist/ is everything production needs besides node_modules and package.json.

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
/** Folders whose files other than code are read when Tendril runs: templates, migrations, documents, what pages are made of. */
const WITH_ASSETS = ['activities', 'api', 'cli', 'db', 'demo', 'domain', 'messaging', 'templates', 'prisma/migrations'];
const NOT_ASSETS = new Set(['.ts', '.mjs', '.md']);

rmSync(DIST, { recursive: true, force: true });
await step('Compiled', () => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json')], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
});
await step('Copied what is not code', () => {
  for (const folder of WITH_ASSETS.filter((name) => existsSync(join(ROOT, name)))) {
    const isAsset = (path: string) => statSync(path).isDirectory() || !NOT_ASSETS.has(extname(path));
    cpSync(join(ROOT, folder), join(DIST, folder), { recursive: true, filter: isAsset });
  }
});
await step('Bundled the workflows', async () => writeFileSync(join(DIST, 'workflow-bundle.js'), await buildWorkflowBundle()));

async function step(name: string, work: () => unknown): Promise<void> {
  const begun = Date.now();
  await work();
  console.error(`✓ ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}
