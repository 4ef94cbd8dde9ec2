import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../runtime/local/free-port.ts';

export interface Door {
  /** host:port of this side. */
  address: string;
  open(): Promise<void>;
  /** Nobody gets through any more, and whoever was through is cut off. */
  shut(): Promise<void>;
}

/** Stands in front of a server's address (host:port), so that a test can take the server away and give it back. Begins shut. */
export async function doorTo(address: string): Promise<Door> {
  const [host, port] = address.split(':');
  const own = await freePort();
  const through = new Set<Socket>();
  let server: Server | null = null;

  function pass(inside: Socket): void {
    const outside = connect(Number(port), host);
    for (const side of [inside, outside]) {
      through.add(side);
      side
        .on('error', () => {})
        .on('close', () => {
          through.delete(side);
          inside.destroy();
          outside.destroy();
        });
    }
    inside.pipe(outside).pipe(inside);
  }

  return {
    address: `127.0.0.1:${own}`,
    open: () =>
      new Promise((resolve, reject) => {
        server = createServer(pass).once('error', reject).listen(own, '127.0.0.1', resolve);
      }),
    shut: () =>
      new Promise((resolve) => {
        for (const side of through) side.destroy();
        if (server) server.close(() => resolve());
        else resolve();
        server = null;
      }),
  };
}
