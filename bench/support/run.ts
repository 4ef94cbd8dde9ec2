import { type ChildProcess, spawn } from 'node:child_process';

/** Runs a TypeScript file as a process of its own, which ends with ours at the latest. */
export function run(
  file: string,
  env: Record<string, string>,
  stdio: ('pipe' | 'inherit' | 'ignore')[] = ['ignore', 'inherit', 'inherit'],
): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    env: { ...process.env, ...env },
    stdio: stdio as ['pipe', 'pipe', 'inherit'],
  });
  const end = (): void => void child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}
