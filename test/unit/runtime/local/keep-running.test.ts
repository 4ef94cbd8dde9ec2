import { expect, test, vi } from 'vitest';
import { keepRunning, type Server } from '../../../../runtime/local/keep-running.ts';

function fakeServers() {
  const started: { port: number; die(how: string): void }[] = [];
  async function start(first?: Server): Promise<Server> {
    const port = first?.port ?? 5_000 + started.length;
    let die!: (how: string) => void;
    const exited = new Promise<string>((resolve) => (die = resolve));
    started.push({ port, die });
    return { port, exited, stop: async () => die('ended by SIGINT') };
  }
  return { started, start };
}

test('a server that ends by itself is started again on its port; one that is stopped stays down', async () => {
  const { started, start } = fakeServers();
  const lines: string[] = [];
  const server = await keepRunning('The server', start, (line) => lines.push(line));
  started[0]!.die('ended by SIGKILL');
  await vi.waitFor(() => expect(started).toHaveLength(2), 5_000);
  expect(started[1]!.port).toBe(started[0]!.port);
  await server.stop();
  expect(started).toHaveLength(2);
  expect(lines).toEqual(['The server ended by SIGKILL; it is started again', 'The server runs again']);
});
