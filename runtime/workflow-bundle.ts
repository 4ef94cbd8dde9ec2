import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';

const BUILT = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const SOURCES = fileURLToPath(new URL('../workflows', import.meta.url));
const CACHE = fileURLToPath(new URL('../node_modules/.cache/tendril', import.meta.url));

/** The workflows as one script for the worker: the built one in production, else one bundled now and kept until the sources change. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(BUILT)) return { codePath: BUILT };
  const codePath = `${CACHE}/workflows-${await sourceHash()}.js`;
  if (!existsSync(codePath)) await writeWhole(codePath, await buildWorkflowBundle());
  return { codePath };
}

/** Bundles the workflows from their sources; takes some seconds. */
export async function buildWorkflowBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath: `${SOURCES}/index.ts`, logger: new DefaultLogger('ERROR') });
  return code;
}

async function sourceHash(): Promise<string> {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  const hash = createHash('sha256').update(version);
  for (const file of (await readdir(SOURCES)).filter((name) => name.endsWith('.ts')).toSorted()) {
    hash.update(file).update(await readFile(`${SOURCES}/${file}`));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Never leaves half a file, even when two processes write it at once. */
async function writeWhole(path: string, content: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content);
  await rename(draft, path);
}
