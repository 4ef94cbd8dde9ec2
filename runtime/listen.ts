import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

/** How long requests under way may take once we close, milliseconds. */
const PATIENCE_MS = 5_000;

/** Serves on a port (0: a free one); `close` answers what is under way and takes no more. Throws when the port is taken. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host }: { port: number; host: string },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const starting = serve({ fetch, port, hostname: host }, () => resolve(starting));
    starting.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken. Set PORT to another one.`, { cause: error }) : error),
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), PATIENCE_MS);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
      }),
  };
}
