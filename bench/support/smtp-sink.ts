import { createServer } from 'node:net';

/**
 * A mail server that takes everything and keeps nothing but a count, so that what is measured is the sender. It runs as a process
 * of its own: says its port on the first line, and the number of messages each time it gets a line on stdin.
 */
let messages = 0;

const server = createServer((socket) => {
  let inData = false;
  let rest = '';
  socket.setNoDelay(true);
  socket.write('220 sink\r\n');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    for (;;) {
      if (inData) {
        const end = rest.indexOf('\r\n.\r\n');
        if (end === -1) {
          rest = rest.slice(-4);
          return;
        }
        rest = rest.slice(end + 5);
        inData = false;
        messages++;
        socket.write('250 taken\r\n');
      }
      const line = rest.indexOf('\r\n');
      if (line === -1) return;
      const command = rest.slice(0, line).toUpperCase();
      rest = rest.slice(line + 2);
      if (command.startsWith('EHLO')) socket.write('250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
      else if (command === 'DATA') {
        inData = true;
        socket.write('354 go\r\n');
      } else if (command === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  });
});

server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
process.stdin.on('data', () => console.log(messages));
