import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bornAt } from './process-identity.ts';

export interface ChildOptions {
  command: string;
  args: string[];
  /** Where its output goes. */
  logFile: string;
  /** Where we write down who it is, so that a later start finds it after we were killed. */
  pidFile: string;
  user?: { uid: number; gid: number };
  env?: Record<string, string>;
}

export interface Child {
  pid: number;
  /** Settles when it has ended, however that came. */
  exited: Promise<string>;
  hasExited(): boolean;
  /** Asks it to end, waits, and ends it by force after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>;
}

/** Bytes; a longer log is set aside when the server starts again. */
const LOG_LIMIT = 10_000_000;

/**
 * Starts a server of ours in a session of its own: a Ctrl-C in the terminal goes to the whole group, and the database must not
 * be gone before those who use it. So it also outlives us when we are killed; `stopOrphan` finds it then.
 */
export function startChild({ command, args, logFile, pidFile, user, env }: ChildOptions): Child {
  mkdirSync(dirname(logFile), { recursive: true });
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT) renameSync(logFile, `${logFile}.1`);
  const output = openSync(logFile, 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output], env: { ...process.env, ...env }, ...user });
  closeSync(output);
  if (child.pid) writePidFile(pidFile, child.pid);
  // However this process ends short of being killed, its servers end too.
  const endToo = () => void child.kill('SIGINT');
  process.once('exit', endToo);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      process.off('exit', endToo);
      resolve(signal ? `ended by ${signal}` : `ended with code ${code}`);
    });
  });
  const hasExited = () => !child.pid || child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    exited,
    hasExited,
    async stop(patienceMs = 20_000) {
      if (!hasExited()) await endByForceAfter(child, exited, patienceMs);
      rmSync(pidFile, { force: true });
    },
  };
}

async function endByForceAfter(child: ChildProcess, exited: Promise<string>, patienceMs: number): Promise<void> {
  child.kill('SIGINT');
  const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(force);
}

interface PidFile {
  pid: number;
  born: string | null;
  owner: number;
  ownerBorn: string | null;
}

function writePidFile(path: string, pid: number): void {
  const content: PidFile = { pid, born: bornAt(pid), owner: process.pid, ownerBorn: bornAt(process.pid) };
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
}

/**
 * Stops the server that a killed run left behind. Never touches a process that is not the very one written down, and refuses when
 * the one who started it is still there: that is another Tendril on the same folder.
 */
export async function stopOrphan(name: string, pidFile: string, log: (line: string) => void): Promise<void> {
  let left: PidFile;
  try {
    left = JSON.parse(readFileSync(pidFile, 'utf8')) as PidFile;
  } catch {
    return;
  }
  if (left.born !== null && bornAt(left.pid) === left.born) {
    if (left.owner !== process.pid && left.ownerBorn !== null && bornAt(left.owner) === left.ownerBorn) {
      throw new Error(
        `${name} here is in use by another Tendril (process ${left.owner}). Stop that one, or set TENDRIL_HOME to another folder.`,
      );
    }
    log(`stopping the ${name} that an earlier run left behind (process ${left.pid})`);
    await endProcess(left.pid, left.born);
  }
  rmSync(pidFile, { force: true });
}

/** Ends a process that is not our child: politely, and by force after 20 s. `born` guards against a pid used again. */
export async function endProcess(pid: number, born: string): Promise<void> {
  const signal = (kind: NodeJS.Signals) => {
    if (bornAt(pid) === born) process.kill(pid, kind);
  };
  signal('SIGINT');
  for (let waited = 0; bornAt(pid) === born; waited += 50) {
    if (waited === 20_000) signal('SIGKILL');
    await sleep(50);
  }
}
