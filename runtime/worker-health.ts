import type { Config } from './config.ts';
import { listen } from './listen.ts';

/** A worker's own /healthz (the process lives) and /readyz (it has polled Temporal), for whoever supervises it. */
export async function serveWorkerHealth(
  { WORKER_PORT, HOST }: Pick<Config, 'WORKER_PORT' | 'HOST'>,
  workerStarted: Promise<void>,
): Promise<{ close(): Promise<void> }> {
  let ready = false;
  void workerStarted.then(() => (ready = true));

  function answer(request: Request): Response {
    switch (new URL(request.url).pathname) {
      case '/healthz':
        return Response.json({ status: 'ok' });
      case '/readyz':
        return Response.json({ status: ready ? 'ready' : 'starting' }, { status: ready ? 200 : 503 });
      default:
        return new Response(null, { status: 404 });
    }
  }
  return listen(answer, { port: WORKER_PORT, host: HOST });
}
