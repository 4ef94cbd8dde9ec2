import dns, { type LookupAddress } from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllowed } from '../../../../messaging/webhooks/guard.ts';
import { createPostWebhook } from '../../../../messaging/webhooks/post.ts';

/** A server of the test's own, and how many connections it was given. */
async function serve(answer: RequestListener) {
  const server = createServer(answer);
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function sender() {
  const post = createPostWebhook({ allowed: parseAllowed('127.0.0.1'), httpsOnly: false, secretsOf: () => [] });
  return (url: string) => post({ callKey: 'k', url, method: 'POST', body: '{}', sets: {}, timeoutMs: 2_000 });
}

/** What names resolve to from now on, until the test ends. */
function resolving(addresses: () => string) {
  const { lookup } = dns;
  const ours = (_: string, __: object, done: (error: null, found: LookupAddress[]) => void) =>
    done(null, [{ address: addresses(), family: 4 }]);
  dns.lookup = ours as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
  onTestFinished(() => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  });
}

test('a connection is kept for the next request; one that the other side closes meanwhile costs nothing', async () => {
  const kept = await serve((_, response) => response.end());
  const send = sender();
  for (let n = 0; n < 5; n++) expect(await send(`http://127.0.0.1:${kept.port}/`)).toMatchObject({ as: 'done' });
  expect(kept.connections()).toBe(1);

  const seen = new WeakSet<object>();
  const moody = await serve((request, response) => {
    if (seen.has(request.socket)) return void request.socket.destroy();
    seen.add(request.socket);
    response.end();
  });
  for (let n = 0; n < 4; n++) expect(await send(`http://127.0.0.1:${moody.port}/`)).toMatchObject({ as: 'done' });
  // On a connection of its own it is the other side's word.
  const never = await serve((request) => request.socket.destroy());
  expect(await send(`http://127.0.0.1:${never.port}/`)).toMatchObject({ as: 'retry', reason: 'the connection was cut' });
  expect(never.connections()).toBe(1);
});

test('each new connection is looked at: a name that is private by now is not called, and nobody is followed there', async () => {
  const inside = await serve((_, response) => response.end());
  const outside = await serve((request, response) => {
    response.writeHead(request.url === '/moved' ? 307 : 200, { connection: 'close', location: `http://127.0.0.1:${inside.port}/` });
    response.end();
  });
  let address = '127.0.0.1';
  resolving(() => address);
  const send = sender();
  expect(await send(`http://crm.example:${outside.port}/`)).toMatchObject({ as: 'done' });
  expect(await send(`http://crm.example:${outside.port}/moved`)).toMatchObject({ as: 'failed', status: 307 });
  address = '127.0.0.2';
  expect(await send(`http://crm.example:${outside.port}/`)).toMatchObject({ as: 'failed', reason: 'the address is private or reserved' });
  expect([outside.connections(), inside.connections()]).toEqual([2, 0]);
});
