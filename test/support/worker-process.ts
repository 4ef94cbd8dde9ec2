import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { builtWorker } from './built-worker.ts';
import type { Workspace } from './workspace.ts';

export interface WorkerProcess {
  pid: number;
  /** It polls; rejects when it ended before that. */
  runs: Promise<void>;
  /** Signals it; after SIGKILL nobody is left to tidy up. */
  signal(kind: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * The worker as it is built and runs in production (`npm run start:worker`), a process of its own on a test's workspace. What it logs as a warning
 * or worse is added to `complaints`.
 */
export async function startWorkerProcess(
  firm: Workspace,
  env: Record<string, string> = {},
  complaints: string[] = [],
): Promise<WorkerProcess> {
  const { config } = firm;
  const child = spawn(process.execPath, [await builtWorker(firm.databaseUrl)], {
    env: {
      ...process.env,
      TENDRIL_ENV: 'test',
      DATABASE_URL: config.DATABASE_URL!,
      DATABASE_POOL_WORKER: '8',
      TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS!,
      TEMPORAL_TASK_QUEUE: config.TEMPORAL_TASK_QUEUE,
      TEMPORAL_PREFIX: config.TEMPORAL_PREFIX,
      TENDRIL_SECRET: config.TENDRIL_SECRET!,
      PUBLIC_URL: config.publicUrl,
      SWEEP_EVERY: String(config.SWEEP_EVERY),
      SHUTDOWN_GRACE: '2',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, by) => {
      if (by !== 'SIGKILL') complaints.push(`the worker ended by itself, with ${code ?? by}`);
      resolve();
    });
  });
  const runs = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { level, msg } = JSON.parse(line) as { level: string; msg: string };
      if (msg === 'the worker runs') resolve();
      if (['warn', 'error', 'fatal'].includes(level)) complaints.push(line);
    });
    void gone.then(() => reject(new Error(`the worker ended before it ran: ${complaints.at(-1) ?? 'no reason given'}`)));
  });
  // Whoever kills it on the way does not wait for it to run.
  runs.catch(() => {});
  return {
    pid: child.pid!,
    runs,
    signal: (kind) => void child.kill(kind),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
