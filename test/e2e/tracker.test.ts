import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createKey } from '../../db/api-keys.ts';
import { eventsOf, leadOf } from '../integration/tracking/support.ts';
import { openBrowser } from '../support/browser.ts';
import { workspace } from '../support/workspace.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A firm with its site on an origin of its own; every page of it carries the tracker, with these attributes. */
async function site({
  attributes = '',
  body = () => '',
  init = '',
}: { attributes?: string; body?: (api: string) => string; init?: string } = {}) {
  const firm = await workspace({ documents: { form: { contact: { key: 'contact', name: 'Contact', purpose: 'contact' } } } });
  const api = await firm.listen();
  let key = '';
  const posts: string[] = [];
  const server: Server = createServer((request, response) => {
    if (request.method === 'POST') posts.push(request.url!);
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><title>Pumps</title><script>${init}</script><script async src="${api}/t.js" data-key="${key}" ${attributes}></script>${body(api)}`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  key = (await createKey(firm.pool, { name: 'site', scopes: ['ingest'], origins: [origin] })).key;
  const context = await browser.newContext({ extraHTTPHeaders: {} });
  onTestFinished(async () => {
    await context.close();
    server.close();
  });
  const page = await context.newPage();
  const events = () => eventsOf(firm.pool);
  const until = (count: number) => vi.waitFor(async () => expect(await events()).toHaveLength(count), { timeout: 10_000, interval: 100 });
  return { firm, origin, page, events, until, posts, key, api };
}

const submit = (page: Page) => Promise.all([page.waitForURL('**/thanks'), page.click('button')]);

test("a visit: pages, a change of page without a load, a form; then it is all somebody's", async () => {
  const { firm, origin, page, events, until, posts } = await site({
    body: () => `<form action="/thanks" method="post" id="contact"><input name="name" value="Mei"><input name="work_email" type="email">
      <input name="cc-number" autocomplete="cc-number" value="4111"><input type="hidden" name="csrf" value="x"><button>Send</button></form>`,
  });
  await page.goto(`${origin}/pumps?utm_source=fair&utm_campaign=achema`);
  await until(1);
  await page.evaluate('history.pushState({}, "", "/pumps/p7")');
  await until(2);
  await page.evaluate('tendril.track("Video Played", { seconds: 30 })');
  await page.fill('[type=email]', 'mei@huadong.example');
  await submit(page);
  expect(posts).toEqual(['/thanks']);
  await until(6);

  const all = await events();
  expect(new Set(all.map(({ email }) => email))).toEqual(new Set(['mei@huadong.example']));
  expect(all.map(({ name }) => name).toSorted()).toEqual([
    'form_captured',
    'identified',
    'page_viewed',
    'page_viewed',
    'page_viewed',
    'video_played',
  ]);
  expect(all.find(({ name }) => name === 'form_captured')!.properties).toEqual({
    form: 'contact',
    fields: { name: 'Mei', work_email: 'mei@huadong.example' },
  });
  expect(await leadOf(firm.pool, 'mei@huadong.example')).toMatchObject({
    firstTouch: { utm: { source: 'fair', campaign: 'achema' }, url: `${origin}/pumps?utm_source=fair&utm_campaign=achema` },
    lastTouch: { utm: { source: 'fair', campaign: 'achema' } },
  });
});

test.each([
  [
    'named in the page',
    '',
    () => '<form data-tendril-form="contact" action="/thanks" method="post"><input name="email" type="email"><button>Send</button></form>',
  ],
  [
    'by the script',
    'data-form="contact"',
    () => '<form action="/thanks" method="post"><input name="email" type="email"><button>Send</button></form>',
  ],
  [
    'posted to us',
    '',
    (api: string) => `<form action="${api}/f/contact" method="post"><input name="email" type="email"><button>Send</button></form>`,
  ],
])('a form %s arrives once, with the visit before it', async (_, attributes, body) => {
  const { firm, origin, page, events } = await site({ attributes, body });
  await page.goto(`${origin}/pumps?utm_source=fair`);
  await vi.waitFor(async () => expect(await events()).toHaveLength(1), { timeout: 10_000, interval: 100 });
  await page.fill('[type=email]', 'mei@huadong.example');
  await submit(page);
  await vi.waitFor(async () => expect((await events()).map(({ name }) => name)).toContain('form_submitted'), {
    timeout: 10_000,
    interval: 100,
  });
  const all = await events();
  expect(all.filter(({ name }) => name === 'form_submitted')).toHaveLength(1);
  expect(all.map(({ email }) => email)).toEqual(all.map(() => 'mei@huadong.example'));
  expect(await leadOf(firm.pool, 'mei@huadong.example')).toMatchObject({
    firstTouch: { utm: { source: 'fair' }, url: `${origin}/pumps?utm_source=fair` },
    identities: [expect.stringMatching(/^anonymous /), 'email mei@huadong.example'],
  });
});

test('where consent is required nothing is kept or sent until it is given, and all is forgotten when it is taken back', async () => {
  const { origin, page, events, until } = await site({ attributes: 'data-consent="required"' });
  const stored = () => page.evaluate('Object.keys(localStorage)');
  await page.goto(`${origin}/`);
  await page.waitForFunction('window.tendril && window.tendril.track');
  await page.evaluate('tendril.track("early")');
  expect(await stored()).toEqual([]);
  await page.evaluate('tendril.consent(true)');
  await until(1);
  expect((await events())[0]).toMatchObject({ name: 'page_viewed' });
  await page.evaluate('tendril.consent(false)');
  expect(await stored()).toEqual(['tnd_consent']);
  await page.evaluate('tendril.track("late")');
  await page.goto(`${origin}/again`);
  await page.waitForTimeout(500);
  expect(await events()).toHaveLength(1);
});

test('a browser that asks not to be tracked is not', async () => {
  const { origin, page, events } = await site();
  await page.addInitScript('Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })');
  await page.goto(`${origin}/`);
  await page.waitForFunction('window.tendril && window.tendril.track');
  await page.evaluate('tendril.identify({ email: "no@privacy.example" })');
  await page.waitForTimeout(500);
  expect(await events()).toEqual([]);
  expect(await page.evaluate('localStorage.length')).toBe(0);
});

test('calls made before the script has come are made when it has; a login form is left alone', async () => {
  const { origin, page, events, until } = await site({
    init: "tendril = []; tendril.push(['identify', 'u7', { email: 'ana@aguas.example' }])",
    body: () =>
      '<form action="/thanks" method="post"><input type="email" name="email" value="x@y.example"><input type="password" name="pw" value="s3cret"><button>Log in</button></form>',
  });
  await page.goto(`${origin}/`);
  await until(2);
  await submit(page);
  await until(4);
  expect((await events()).map(({ name, email }) => `${name} ${email}`).toSorted()).toEqual([
    'identified ana@aguas.example',
    'identified ana@aguas.example',
    'page_viewed ana@aguas.example',
    'page_viewed ana@aguas.example',
  ]);
});

test('from an origin that is not on the list nothing is taken, and the key reads nothing', async () => {
  const { firm, page, api, key, events } = await site();
  const elsewhere = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>elsewhere</title>'));
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void elsewhere.close());
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
  const posted = await page.evaluate(
    async ([url, writeKey]) =>
      fetch(`${url}/v1/track`, {
        method: 'POST',
        body: JSON.stringify({ writeKey, anonymousId: 'a', event: 'x' }),
        headers: { 'content-type': 'text/plain' },
      }).then(
        ({ status }) => status,
        () => 'refused',
      ),
    [api, key] as const,
  );
  expect(posted).toBe('refused');
  expect(await events()).toEqual([]);
  expect(await firm.with(key).get('/v1/keys')).toHaveStatus(403);
});
