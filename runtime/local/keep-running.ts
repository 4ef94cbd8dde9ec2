import { setTimeout as sleep } from 'node:timers/promises';

export interface Server {
  port: number;
  exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a server and starts it again, on the same port, whenever it ends by itself. Those who use it reconnect, as they must in
 * production anyway. Answers the first one, with a `stop` that stops whichever runs then.
 */
export async function keepRunning<S extends Server>(
  name: string,
  start: (first?: S) => Promise<S>,
  warn: (line: string) => void,
): Promise<S> {
  const first = await start();
  let present: S | null = first;
  const stopped = new AbortController();

  async function again(): Promise<S | null> {
    for (let wait = 1_000; !stopped.signal.aborted; wait = Math.min(wait * 2, 10_000)) {
      await sleep(wait, undefined, { signal: stopped.signal }).catch(() => {});
      if (stopped.signal.aborted) return null;
      try {
        const server = await start(first);
        if (server.port === first.port) return server;
        await server.stop();
        warn(`${name} could not get its port ${first.port} back yet`);
      } catch (error) {
        warn(`${name} could not be started again: ${(error as Error).message}`);
      }
    }
    return null;
  }

  async function watch(): Promise<void> {
    while (present) {
      const how = await present.exited;
      if (stopped.signal.aborted) return;
      warn(`${name} ${how}; it is started again`);
      present = await again();
      if (present) warn(`${name} runs again`);
    }
  }

  const watching = watch();
  return {
    ...first,
    async stop() {
      stopped.abort();
      await present?.stop();
      await watching;
    },
  };
}
