import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

/** What to answer: a status with a JSON body, or one of the ways in which receivers fail. */
export type Reply = { status: number; json?: unknown; headers?: Record<string, string> } | 'hang' | 'reset' | 'huge' | 'text';

/** Another system, as an HTTP server of the test's own: notes what it gets, and answers as it is told. Closed when the test ends. */
export async function receiver(reply: (received: Received, nth: number) => Reply = () => ({ status: 200, json: {} })) {
  const received: Received[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = request.headers as Record<string, string>;
    const one = { path: request.url!, method: request.method!, headers, body: Buffer.concat(chunks).toString() };
    const nth = received.push(one);
    const how = reply(one, nth);
    if (how === 'hang') return;
    if (how === 'reset') return void request.socket.destroy();
    if (how === 'huge') return void response.end('x'.repeat(1_000_000));
    if (how === 'text') return void response.end('thanks');
    response.writeHead(how.status, { 'content-type': 'application/json', ...how.headers });
    response.end(how.json === undefined ? '' : JSON.stringify(how.json));
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
