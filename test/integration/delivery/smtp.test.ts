import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createSmtpTransport } from '../../../messaging/transports/smtp.ts';
import type { OutgoingMessage } from '../../../messaging/transports/transport.ts';

const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of close.splice(0).toReversed()) await end();
});

/** What is said, or `drop` the connection, or `silence`. */
type Reply = string;
/** How a server that means no good answers: to the connection, to a command, to the message after its final dot. */
type Manners = Partial<Record<'GREETING' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'CONTENT', Reply | ((times: number) => Reply)>>;

/** A bare SMTP server that keeps to its manners and counts what it took. */
async function server(manners: Manners, { auth = false, pipelining = false } = {}) {
  const seen = { connections: 0, taken: 0, bodies: [] as string[] };
  const times = new Map<string, number>();
  const sockets = new Set<Socket>();
  const answer = (socket: Socket, to: keyof Manners, usual: string): boolean => {
    const count = (times.get(to) ?? 0) + 1;
    times.set(to, count);
    const manner = manners[to] ?? usual;
    const reply = typeof manner === 'function' ? manner(count) : manner;
    if (reply === 'drop') socket.destroy();
    else if (reply !== 'silence') socket.write(`${reply}\r\n`);
    return reply.startsWith('2') || reply.startsWith('3');
  };
  const listener: Server = createServer((socket) => {
    seen.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    let content: string | null = null;
    let recipients = 0;
    let rest = '';
    answer(socket, 'GREETING', '220 here');
    socket.on('data', (data) => {
      rest += data.toString('latin1');
      for (;;) {
        if (content !== null) {
          const end = (content + rest).indexOf('\r\n.\r\n');
          if (end < 0) {
            content += rest;
            rest = '';
            return;
          }
          const all = content + rest;
          seen.bodies.push(all.slice(0, end));
          content = null;
          rest = all.slice(end + 5);
          if (answer(socket, 'CONTENT', '250 Ok: queued as Q1')) seen.taken += 1;
          continue;
        }
        const line = /^(.*?)\r\n/.exec(rest);
        if (!line) return;
        rest = rest.slice(line[0].length);
        const verb = line[1]!.slice(0, 4).toUpperCase();
        if (verb === 'EHLO')
          answer(socket, 'EHLO', `250-here${auth ? '\r\n250-AUTH PLAIN' : ''}${pipelining ? '\r\n250-PIPELINING' : ''}\r\n250 8BITMIME`);
        else if (verb === 'AUTH') answer(socket, 'AUTH', '235 welcome');
        else if (verb === 'MAIL') {
          recipients = 0;
          answer(socket, 'MAIL', '250 ok');
        } else if (verb === 'RCPT') recipients += answer(socket, 'RCPT', '250 ok') ? 1 : 0;
        else if (verb === 'DATA' && recipients === 0) socket.write('503 5.5.1 nobody to send it to\r\n');
        else if (verb === 'DATA') {
          if (answer(socket, 'DATA', '354 go on')) content = '';
        } else socket.write('250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  close.push(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => listener.close(resolve));
  });
  const { port } = listener.address() as { port: number };
  return { seen, url: `smtp://${auth ? 'me:wrong@' : ''}127.0.0.1:${port}` };
}

function transportTo(url: string, connections = 1) {
  const transport = createSmtpTransport({ url, connections, connectTimeoutMs: 1_000, answerTimeoutMs: 400 });
  close.push(() => transport.close());
  return transport;
}

const message = (n = 1): OutgoingMessage => ({
  id: `${n}`,
  sendKey: `k${n}`,
  messageId: `<${n}@firm.example>`,
  from: { name: 'Firm', address: 'hello@firm.example' },
  to: { name: null, address: `lead${n}@huadong.example` },
  replyTo: null,
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello\n.\nwith a dot',
  headers: {},
});

const lane = { kind: 'retry', lane: true };
const mail = { kind: 'retry', lane: false };

test.each<[string, Manners, object, boolean]>([
  ['421 at connect', { GREETING: '421 busy' }, lane, false],
  ['554 at connect', { GREETING: '554 no service for you' }, lane, false],
  ['gone at connect', { GREETING: 'drop' }, lane, false],
  ['silent at connect', { GREETING: 'silence' }, lane, false],
  ['450 at MAIL', { MAIL: '450 4.7.1 later' }, mail, false],
  ['530 at MAIL: it wants credentials', { MAIL: '530 5.7.0 authentication required' }, { kind: 'stopped' }, false],
  ['421 at MAIL', { MAIL: '421 4.7.0 too many' }, lane, false],
  ['450 at RCPT', { RCPT: '450 4.2.1 greylisted' }, mail, false],
  ['550 at RCPT: nobody there', { RCPT: '550 5.1.1 no such user' }, { kind: 'failed', dead: true }, false],
  ['550 at RCPT: not wanted', { RCPT: '550 5.7.1 blocked by policy' }, { kind: 'failed', dead: false }, false],
  ['gone at RCPT', { RCPT: 'drop' }, lane, false],
  ['silent at RCPT', { RCPT: 'silence' }, lane, false],
  ['451 at DATA', { DATA: '451 4.3.0 later' }, mail, false],
  ['gone at DATA', { DATA: 'drop' }, lane, false],
  ['451 after the message', { CONTENT: '451 4.3.0 later' }, mail, false],
  ['421 after the message', { CONTENT: '421 4.3.2 closing' }, lane, false],
  ['554 after the message', { CONTENT: '554 5.6.0 spam' }, { kind: 'failed', dead: false }, false],
  ['gone after the message', { CONTENT: 'drop' }, { kind: 'unknown' }, false],
  ['silent after the message', { CONTENT: 'silence' }, { kind: 'unknown' }, false],
  ['taken', {}, { kind: 'accepted', providerId: 'Q1' }, true],
])('%s', async (_, manners, outcome, taken) => {
  for (const pipelining of [false, true]) {
    const { seen, url } = await server(manners, { pipelining });
    expect(await transportTo(url).send([message()])).toMatchObject([outcome]);
    expect(seen.taken).toBe(taken ? 1 : 0);
  }
});

test('nobody listens: the lane waits', async () => {
  expect(await transportTo('smtp://127.0.0.1:1').send([message(1), message(2)])).toMatchObject([lane, lane]);
});

test('refused credentials stop the lane; credentials that cannot be looked at just now hold it', async () => {
  const refused = await server({ AUTH: '535 5.7.8 bad credentials' }, { auth: true });
  expect(await transportTo(refused.url).send([message(1), message(2)])).toMatchObject([{ kind: 'stopped' }, { kind: 'stopped' }]);
  const busy = await server({ AUTH: '454 4.7.0 temporary' }, { auth: true });
  expect(await transportTo(busy.url).send([message()])).toMatchObject([lane]);
});

test('one refused among many: the others are taken, over the same connection', async () => {
  const { seen, url } = await server({ RCPT: (times) => (times === 2 ? '550 5.1.1 no such user' : '250 ok') });
  const outcomes = await transportTo(url).send([message(1), message(2), message(3)]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'failed', 'accepted']);
  expect(seen).toMatchObject({ connections: 1, taken: 2 });
  expect(seen.bodies[0]).toContain('\r\n..\r\n');
});

test('a kept connection that has gone stale is replaced, and the mail goes over the new one', async () => {
  const { seen, url } = await server({ MAIL: (times) => (times === 2 ? 'drop' : '250 ok') });
  const transport = transportTo(url);
  expect(await transport.send([message(1)])).toMatchObject([{ kind: 'accepted' }]);
  expect(await transport.send([message(2)])).toMatchObject([{ kind: 'accepted' }]);
  expect(seen).toMatchObject({ connections: 2, taken: 2 });
});

test('a server that does not answer keeps one mail a connection waiting; the rest was not begun', async () => {
  const { seen, url } = await server({ CONTENT: 'silence' });
  const outcomes = await transportTo(url, 2).send([1, 2, 3, 4, 5].map(message));
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['retry', 'retry', 'retry', 'unknown', 'unknown']);
  expect(seen.bodies.length).toBe(2);
});
