import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * A mail server that takes everything and keeps nothing, so that what is measured is the sender. What came in one piece it answers in one
 * piece, as servers do that know pipelining (RFC 2920). It runs as a process of its own and says its port on the first line. Each line on
 * stdin is an address to watch: when its first mail has been taken, a line `<address> <epoch ms>` comes back.
 */
const watched = new Set<string>();
const NOTHING = Buffer.alloc(0);
/** The line that ends a message. */
const END = Buffer.from('\r\n.\r\n');

const server = createServer((socket) => {
  let inData = false;
  let rest: Buffer = NOTHING;
  let recipients: string[] = [];
  socket.setNoDelay(true);
  socket.write('220 sink\r\n');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    socket.cork();
    take(chunk);
    socket.uncork();
  });

  function take(chunk: Buffer): void {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (inData) {
        const end = rest.indexOf(END);
        if (end === -1) {
          rest = rest.subarray(-4);
          return;
        }
        rest = rest.subarray(end + END.length);
        inData = false;
        for (const address of recipients) if (watched.delete(address)) console.log(`${address} ${Date.now()}`);
        recipients = [];
        socket.write('250 taken\r\n');
      }
      const line = rest.indexOf('\r\n');
      if (line === -1) return;
      const said = rest.toString('latin1', 0, line);
      const command = said.toUpperCase();
      rest = rest.subarray(line + 2);
      if (command.startsWith('EHLO')) socket.write('250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
      else if (command === 'DATA') {
        inData = true;
        socket.write('354 go\r\n');
      } else if (command === 'QUIT') socket.end('221 bye\r\n');
      else {
        if (command.startsWith('RCPT TO:<')) recipients.push(said.slice(9, said.indexOf('>')));
        socket.write('250 ok\r\n');
      }
    }
  }
});

server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
createInterface({ input: process.stdin }).on('line', (address) => watched.add(address));
