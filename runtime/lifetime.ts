export interface Lifetime {
  /** Something was opened: when the process stops, it is closed, the last opened first. */
  opened(name: string, close: () => unknown): void;
  isStopping(): boolean;
  /** Closes everything and ends the process. The second call does nothing. */
  stop(exitCode: number): Promise<void>;
}

/**
 * The process's way out: SIGINT, SIGTERM, SIGHUP or an error nobody caught closes what was opened, in the reverse order, and ends it.
 * `patienceMs` is the most that may take altogether. Signals repeated meanwhile change nothing (npm and terminals send them twice).
 */
export function createLifetime({ say, patienceMs }: { say: (line: string) => void; patienceMs: number }): Lifetime {
  const open: { name: string; close: () => unknown }[] = [];
  let stopping = false;

  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      say(`Not everything closed within ${patienceMs / 1000} s; leaving anyway.`);
      process.exit(exitCode || 1);
    }, patienceMs).unref();
    for (const { name, close } of open.toReversed()) {
      try {
        await close();
      } catch (error) {
        say(`Closing ${name} failed: ${(error as Error).message}`);
      }
    }
    process.exit(exitCode);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      say(`Stopping (${signal}) …`);
      void stop(0);
    });
  }
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => {
      say(error instanceof Error ? (error.stack ?? error.message) : String(error));
      void stop(1);
    });
  }

  return { opened: (name, close) => void open.push({ name, close }), isStopping: () => stopping, stop };
}
