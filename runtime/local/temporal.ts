import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type Child, startChild, stopOrphan } from './child.ts';
import { freePort } from './free-port.ts';
import { temporalCli } from './temporal-cli.ts';

export interface LocalTemporal {
  /** The frontend, host:port. */
  address: string;
  port: number;
  /** Temporal's own web pages; null where there are none. */
  uiUrl: string | null;
  uiPort: number;
  /** Settles when the server has ended, wanted or not. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** How the server's file is written: its own way waits for the disk several times for each step of a workflow, and is not half as fast. */
const FAST: Record<string, string> = { journal_mode: 'wal', synchronous: 'normal' };

/**
 * Starts a real Temporal server (the CLI's) that keeps everything in one file under `dir`, and waits until the namespace answers.
 * A server that a killed run left behind is stopped first.
 */
export async function startTemporal(options: {
  dir: string;
  port?: number;
  uiPort?: number;
  namespace: string;
  cliPath?: string;
  /** SQLite pragmas of its file; none: as the CLI starts it. */
  pragmas?: Record<string, string>;
  log: (line: string) => void;
}): Promise<LocalTemporal> {
  const { namespace, pragmas = FAST, log } = options;
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const pidFile = join(dir, 'server.json');
  await stopOrphan('Temporal server', pidFile, log);
  const command = await temporalCli(options.cliPath, log);

  const logFile = join(dir, 'temporal.log');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const uiPort = await freePort(options.uiPort);
    const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)];
    args.push('--db-filename', join(dir, 'temporal.db'), '--namespace', namespace, '--log-level', 'error');
    for (const [name, value] of Object.entries(pragmas)) args.push('--sqlite-pragma', `${name}=${value}`);
    const child = startChild({ command, args, logFile, pidFile });
    const address = `127.0.0.1:${port}`;
    const trouble = await untilAnswering(child, address, namespace);
    if (!trouble) return { address, port, uiUrl: `http://127.0.0.1:${uiPort}`, uiPort, exited: child.exited, stop: () => child.stop() };
    await child.stop();
    // A port may have gone to somebody else between our look and the server's.
    if (attempt === 3) throw new Error(`The Temporal server did not start (${trouble}); its log is ${logFile}`);
  }
}

/** Null once the namespace answers; else what went wrong. */
async function untilAnswering(child: Child, address: string, namespace: string): Promise<string | null> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.hasExited()) return child.exited;
    if (Date.now() > deadline) return `no answer within ${START_LIMIT_MS / 1000} s`;
    try {
      const connection = await Connection.connect({ address, connectTimeout: 2_000 });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return null;
      } finally {
        await connection.close();
      }
    } catch {
      await sleep(100);
    }
  }
}
