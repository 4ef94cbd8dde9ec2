import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Client } from 'pg';
import { CODE, compileInto, copyAssetsInto, ROOT, WITH_ASSETS } from '../../runtime/dist.ts';
import { workflowBundle } from '../../runtime/workflow-bundle.ts';
import { withDatabase } from './template.ts';

const CACHE = join(ROOT, 'node_modules/.cache/tendril');
/** Builds that nobody has asked for in so long are thrown away, ms. */
const STALE_MS = 60 * 60_000;
const SOURCES = new Set(['.ts', '.js', '.sql', '.mjml', '.yaml', '.json']);

let built: Promise<string> | undefined;

/**
 * The worker as `npm run build` makes it, built once for every state of the sources: it starts in half the time that tsx takes. Answers the file to run.
 * `databaseUrl` is any database of the server, by which several runs agree on who builds.
 */
export function builtWorker(databaseUrl: string): Promise<string> {
  return (built ??= make(databaseUrl));
}

async function make(databaseUrl: string): Promise<string> {
  const alone = new Client({ connectionString: withDatabase(databaseUrl, 'postgres') });
  await alone.connect();
  try {
    await alone.query(`select pg_advisory_lock(hashtext('tendril_built_worker'))`);
    for (;;) {
      const hash = await sourcesHash();
      const dist = join(CACHE, `worker-${hash}`);
      if (existsSync(dist)) {
        await utimes(dist, new Date(), new Date());
        return join(dist, 'runtime/worker.js');
      }
      await buildInto(`${dist}.draft`);
      // What was edited meanwhile may be in it or not: then it is nobody's build.
      if ((await sourcesHash()) === hash) await rename(`${dist}.draft`, dist);
    }
  } finally {
    await alone.end();
  }
}

async function buildInto(draft: string): Promise<void> {
  await throwAwayStale();
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await compileInto(draft, { check: false });
  await copyAssetsInto(draft);
  const bundle = await workflowBundle();
  if ('codePath' in bundle) await copyFile(bundle.codePath, join(draft, 'workflow-bundle.js'));
  // Under node_modules no package.json is looked for further up.
  await copyFile(join(ROOT, 'package.json'), join(draft, 'package.json'));
}

async function throwAwayStale(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const name of (await readdir(CACHE)).filter((one) => one.startsWith('worker-'))) {
    const path = join(CACHE, name);
    if ((await stat(path)).mtimeMs < Date.now() - STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of new Set([...CODE, ...WITH_ASSETS])) {
    const files = await readdir(join(ROOT, folder), { recursive: true });
    for (const file of files.filter((name) => SOURCES.has(extname(name))).toSorted()) {
      hash
        .update(`${folder}/${file}\n`)
        .update(await readFile(join(ROOT, folder, file)))
        .update('\n');
    }
  }
  return hash.digest('hex').slice(0, 16);
}
