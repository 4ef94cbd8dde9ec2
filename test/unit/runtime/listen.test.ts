import { expect, test } from 'vitest';
import { listen } from '../../../runtime/listen.ts';

const host = '127.0.0.1';

test('a port that is taken is named, with what to do', async () => {
  const first = await listen(() => new Response('here'), { port: 0, host });
  await expect(listen(() => new Response('there'), { port: first.port, host })).rejects.toThrow(`Port ${first.port} is taken. Set PORT`);
  await first.close();
});

test('closing answers what is under way and takes no more', async () => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  const { port, close } = await listen(() => asked.then(() => new Response('done')), { port: 0, host });
  const underWay = fetch(`http://${host}:${port}/`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = close();
  answer();
  expect(await (await underWay).text()).toBe('done');
  await closed;
  await expect(fetch(`http://${host}:${port}/`)).rejects.toThrow();
});
