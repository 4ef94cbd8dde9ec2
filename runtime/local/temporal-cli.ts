import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Log = (line: string) => void;

/** The last version of the CLI that `go install` takes: newer ones have a `replace` in their go.mod. */
const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const PROGRAM = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Where the CLI is kept once it was fetched, for every Tendril of this user. */
function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tendril');
}

/**
 * The `temporal` program: the one named, the one on PATH, the one kept from last time, else fetched, as Temporal's SDK does it or
 * built by a Go toolchain. The search ends with an error that names every way.
 */
export async function temporalCli(named: string | undefined, log: Log): Promise<string> {
  if (named) {
    if (works(named)) return named;
    throw new Error(`TEMPORAL_CLI_PATH names ${named}, which is not a working temporal program.`);
  }
  const cache = cacheFolder();
  const kept = join(cache, PROGRAM);
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, PROGRAM));
  for (const found of [...onPath, kept]) if (existsSync(found) && works(found)) return found;

  mkdirSync(cache, { recursive: true });
  const reasons: string[] = [];
  for (const [way, fetch] of [
    ['download, as Temporal’s SDK does it', download],
    ['go install', goInstall],
  ] as const) {
    try {
      await fetch(cache, kept, log);
      if (works(kept)) return kept;
      throw new Error('what came does not run on this machine');
    } catch (error) {
      reasons.push(`${way}: ${(error as Error).message}`);
      log(`${way} did not work: ${(error as Error).message}`);
    }
  }
  throw new Error(
    [
      'A Temporal server is needed, and none could be found or fetched. Any one of these will do:',
      '  1. set TEMPORAL_ADDRESS to a Temporal cluster you have (host:port);',
      '  2. put the `temporal` program on PATH, or its path into TEMPORAL_CLI_PATH (https://docs.temporal.io/cli);',
      `  3. let this machine reach Temporal’s downloads, and start again (it is then kept in ${cache});`,
      '  4. install Go 1.24 or newer, and start again: the program is then built from source, once, in some minutes.',
      ...reasons.map((reason) => `  tried – ${reason}`),
    ].join('\n'),
  );
}

function works(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/** The SDK keeps what it downloads and starts it at once; we take the file, whatever becomes of the server it starts. */
async function download(cache: string, kept: string, log: Log): Promise<void> {
  log('downloading the Temporal server, because there is no `temporal` program here yet (some 60 MB, once)');
  const { TestWorkflowEnvironment } = await import('@temporalio/testing').catch(() => {
    throw new Error('@temporalio/testing is not installed here');
  });
  const folder = mkdtempSync(join(cache, 'download-'));
  const found = () => readdirSync(folder).find((name) => name.startsWith('temporal') && works(join(folder, name)));
  try {
    const started = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', version: 'default', downloadDir: folder } },
    }).catch((error: Error) => {
      // Too slow to start within the SDK's 5 s is no matter: the file is what we came for.
      if (!found()) throw error;
      return null;
    });
    await started?.teardown();
    const file = found();
    if (!file) throw new Error('nothing was downloaded');
    keep(join(folder, file), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function goInstall(cache: string, kept: string, log: Log): Promise<void> {
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) throw new Error('there is no Go toolchain on PATH');
  log('building the Temporal server with Go, because it could not be downloaded (4-5 minutes on two cores, once)');
  const folder = mkdtempSync(join(cache, 'build-'));
  const begun = Date.now();
  const progress = setInterval(() => log(`still building the Temporal server (${Math.round((Date.now() - begun) / 1000)} s)`), 15_000);
  try {
    await run('go', ['install', GO_PACKAGE], { GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-trimpath' });
    keep(join(folder, PROGRAM), kept);
  } finally {
    clearInterval(progress);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the file in its place whole: another start may be looking there. */
function keep(file: string, kept: string): void {
  const half = `${kept}.${process.pid}`;
  copyFileSync(file, half);
  renameSync(half, kept);
}

function run(command: string, args: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with code ${code}: ${errors.trim().split('\n').at(-1)}`)),
    );
  });
}
