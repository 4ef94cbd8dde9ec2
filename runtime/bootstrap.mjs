// The way in on a machine that has Node and nothing else: installs and generates what is missing or out of date, then hands over.
// Plain JavaScript and Node's own modules only, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(ROOT, ...parts);
const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

const [MAJOR, MINOR] = process.versions.node.split('.').map(Number);

/** Runs one command line of Tendril: up, test, bench, build, generate, models, or a command of the CLI. */
export async function main([command = 'help', ...args]) {
  if (MAJOR < 20 || (MAJOR === 20 && MINOR < 19)) fail(`Tendril needs Node 20.19 or newer; this is ${process.versions.node}.`);
  await install();
  await generate();
  switch (command) {
    case 'test':
      return exit(await run(process.execPath, [at('node_modules/vitest/vitest.mjs'), 'run', ...args]));
    case 'bench':
      // What is measured is what production runs: compiled.
      return exit((await build([])) || (await run(process.execPath, ['--import', 'tsx', at('bench/main.ts'), ...args])));
    case 'build':
      return exit(await build(args));
    case 'models':
      if (await run(process.execPath, ['--import', 'tsx', at('runtime/models.ts')])) fail('The models could not be written.');
      return generate();
    case 'docs':
      return here('runtime/docs.ts', args);
    case 'generate':
      return;
    case 'up':
      return here('runtime/up.ts', args);
    case 'campaign':
      if (args[0] === 'rehearse') return here('runtime/rehearse.ts', args.slice(1));
      return here('cli/main.ts', [command, ...args]);
    default:
      return here('cli/main.ts', [command, ...args]);
  }
}

/** In this very process: one fewer to stop, and signals arrive where they are handled. */
async function here(file, args) {
  const { register } = await import('tsx/esm/api');
  register();
  process.argv = [process.execPath, at(file), ...args];
  await import(pathToFileURL(at(file)).href);
}

function build(args) {
  return run(process.execPath, ['--import', 'tsx', at('runtime/build.ts'), ...args]);
}

/** `npm ci`, where what is installed is not what the lock file says. */
async function install() {
  const reason = whyInstall();
  if (!reason) return;
  const { packages } = readJson(at('package-lock.json'));
  const begun = Date.now();
  say(`Installing some ${Object.keys(packages).length - 1} packages, because ${reason} (about a minute the first time)`);
  const ticking = setInterval(() => say(`  still installing (${seconds(begun)})`), 15_000);
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, [process.env.npm_execpath]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const code = await run(npm[0], [...npm[1], 'ci', '--include=dev', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error']);
  clearInterval(ticking);
  if (code !== 0) fail(`npm ci ended with code ${code}; what it said is above.`, code);
  say(`Installed in ${seconds(begun)}`);
}

/** npm writes down what it installed, last of all; null when every package of the lock file is there in its version. */
function whyInstall() {
  const installed = readJson(at('node_modules/.package-lock.json'));
  if (!installed) return existsSync(at('node_modules')) ? 'an earlier installation was cut short' : 'node_modules is not there yet';
  for (const [path, wanted] of Object.entries(readJson(at('package-lock.json')).packages)) {
    const found = installed.packages[path];
    if (path === '' || wanted.link || found?.version === wanted.version || (!found && wanted.optional)) continue;
    return `package-lock.json asks for ${path.replace(/^.*node_modules\//, '')} ${wanted.version}${found ? `, not ${found.version}` : ''}`;
  }
  return null;
}

/** The Prisma client, where the schema is not the one it was generated from. */
async function generate() {
  const stamp = at('db/generated/.made-from');
  const { version } = readJson(at('node_modules/prisma/package.json'));
  const wanted = createHash('sha256')
    .update(version)
    .update(readFileSync(at('prisma/schema.prisma')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const begun = Date.now();
  say(`Generating the database client, because ${existsSync(stamp) ? 'prisma/schema.prisma changed' : 'it is not there yet'}`);
  // Prisma would download an engine that generating does not use; naming any program keeps it from that.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath, CHECKPOINT_DISABLE: '1' };
  let output = '';
  const code = await run(
    process.execPath,
    [at('node_modules/prisma/build/index.js'), 'generate', '--no-hints'],
    env,
    (text) => (output += text),
  );
  if (code !== 0) fail(`prisma generate ended with code ${code}:\n${output}`, code);
  writeFileSync(stamp, wanted);
  say(`Generated in ${seconds(begun)}`);
}

/** Runs a program in the project's folder; answers its exit code. Its output is ours unless `listen` takes it. */
function run(program, args, env = {}, listen = null) {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['inherit', listen ? 'pipe' : 'inherit', listen ? 'pipe' : 'inherit'],
  });
  child.stdout?.on('data', (chunk) => listen(chunk.toString()));
  child.stderr?.on('data', (chunk) => listen(chunk.toString()));
  // A terminal sends Ctrl-C to the whole group, so the child has it already; whatever else reaches only us is passed on.
  const forward = (signal) => void (signal === 'SIGINT' && process.stdin.isTTY ? null : child.kill(signal));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(signal ? 128 + { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] || 1 : code);
    });
  });
}

function exit(code) {
  process.exitCode = code;
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code || 1);
}

function say(line) {
  console.error(line);
}

function seconds(begun) {
  return `${((Date.now() - begun) / 1000).toFixed(1)} s`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
