import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import hoodiecrow from 'hoodiecrow-imap';

/** A mailbox on a real IMAP server of this process, behind a wire that can be cut. */
export async function startImap() {
  const server = hoodiecrow({
    plugins: ['ID', 'NAMESPACE', 'ENABLE', 'LITERALPLUS'],
    storage: { INBOX: { messages: [] } },
    users: { answers: { password: 'p@ss/word' } },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port: behind } = server.server.address() as AddressInfo;
  const wires = new Set<Socket>();
  let cutAfter = Infinity;
  let sent = 0;
  const wire = createServer((client) => {
    const to = connect(behind, '127.0.0.1');
    for (const socket of [client, to]) socket.on('error', () => undefined).on('close', () => [client, to].forEach((one) => one.destroy()));
    wires.add(client);
    client.pipe(to);
    to.on('data', (bytes) => {
      sent += bytes.length;
      if (sent > cutAfter) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((done) => wire.listen(0, '127.0.0.1', done));
  const { port } = wire.address() as AddressInfo;
  return {
    url: `imap://answers:${encodeURIComponent('p@ss/word')}@127.0.0.1:${port}/INBOX`,
    /** A mail arrives. */
    append: (raw: string) => server.appendMessage('INBOX', [], new Date(), raw),
    /** The server gives every mail another number, as after a move. */
    renumber() {
      const box = server.getMailbox('INBOX');
      box.uidvalidity += 1;
      for (const message of box.messages) message.uid += 7;
      box.uidnext += 7;
    },
    /** From now on the wire breaks after so many bytes from the server; Infinity: never. */
    cut(bytes: number) {
      [sent, cutAfter] = [0, bytes];
    },
    async close() {
      for (const socket of wires) socket.destroy();
      wire.close();
      await new Promise<void>((done) => server.close(done));
    },
  };
}
