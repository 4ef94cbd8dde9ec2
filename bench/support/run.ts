import { type ChildProcess, spawn } from 'node:child_process';

/** As `npm run start:worker` does; baselines have them too, our api has none. */
const WORKER_FLAGS = ['--max-semi-space-size=128', '--heap-growing-percent=70'];

/** Runs a file as a process of its own, which ends with ours at the latest: TypeScript as it stands, what is built as production runs it. */
export function run(
  file: string,
  env: Record<string, string>,
  stdio: ('pipe' | 'inherit' | 'ignore')[] = ['ignore', 'inherit', 'inherit'],
): ChildProcess {
  const flags = [...(file.endsWith('api.js') ? [] : WORKER_FLAGS), ...(file.endsWith('.ts') ? ['--import', 'tsx'] : [])];
  const child = spawn(process.execPath, [...flags, file], {
    env: { ...process.env, ...env },
    stdio: stdio as ['pipe', 'pipe', 'inherit'],
  });
  const end = (): void => void child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}
