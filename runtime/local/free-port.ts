import { createServer } from 'node:net';

/** A TCP port of the loopback interface that nobody uses at this moment; the preferred one when it is free. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && (await bind(preferred).catch(() => null))) return preferred;
  return bind(0);
}

/** Whether nobody listens on the port of this interface. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return bind(port, host).then(
    () => true,
    () => false,
  );
}

function bind(port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const { port: bound } = server.address() as { port: number };
      server.close(() => resolve(bound));
    });
  });
}
