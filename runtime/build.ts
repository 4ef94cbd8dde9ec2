import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileInto, copyAssetsInto, ROOT } from './dist.ts';
import { buildWorkflowBundle } from './workflow-bundle.ts';

// `npm run build`: dist/ is everything production needs besides node_modules and package.json.

const DIST = join(ROOT, 'dist');

rmSync(DIST, { recursive: true, force: true });
await step('Compiled', () => compileInto(DIST));
await step('Copied what is not code', () => copyAssetsInto(DIST));
await step('Bundled the workflows', async () => writeFileSync(join(DIST, 'workflow-bundle.js'), await buildWorkflowBundle()));

/** Says how long it took; what fails is said in its own words and ends the build. */
async function step(name: string, work: () => unknown): Promise<void> {
  const begun = Date.now();
  try {
    await work();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
  console.error(`✓ ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}
