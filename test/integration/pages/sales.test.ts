import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { tellSales } from '../../support/sales-history.ts';
import { workspace } from '../../support/workspace.ts';

const DAY = { created: '2026-03-03T09:00:00Z', offered: '2026-03-03T09:00:00Z' };

async function firmWithSales(env: Record<string, string> = {}) {
  const firm = await workspace({ at: '2026-03-04T11:00:00Z', reps: ['ana', 'ben'], env });
  await firm.pool.query(`insert into pool (key, name) values ('partners', 'Partners & friends')`);
  await tellSales(firm.pool, [
    { ...DAY, owner: 'ana', state: 'offered', company: '<b>Huadong</b>' },
    {
      ...DAY,
      owner: 'ana',
      state: 'accepted',
      accepted: '2026-03-03T09:03:00Z',
      amount: 1_000,
      currency: 'EUR',
      stage: 'needs',
      expectedClose: '2026-05-01',
    },
    {
      ...DAY,
      owner: 'ben',
      state: 'touched',
      accepted: '2026-03-03T09:03:00Z',
      touched: '2026-03-03T10:00:00Z',
      amount: 400,
      currency: 'EUR',
      expectedClose: '2026-06-01',
    },
    {
      ...DAY,
      owner: 'ben',
      state: 'won',
      accepted: '2026-03-03T09:03:00Z',
      closed: '2026-03-04T09:00:00Z',
      amount: 70_000,
      currency: 'EUR',
    },
    { ...DAY, owner: 'ben', state: 'lost', accepted: '2026-03-03T09:03:00Z', closed: '2026-03-04T09:00:00Z', reason: 'price' },
  ]);
  return firm;
}

test('how sales does, at a glance: what waits, how fast who was, what is expected; of a period and a pool', async () => {
  const firm = await firmWithSales();
  const answer = await firm.anyone.get('/sales');
  expect(answer).toHaveStatus(200);
  const html = await answer.text();
  expect(html).toContain('&lt;b&gt;Huadong');
  expect(html).not.toContain('<b>Huadong');
  const text = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  for (const words of [
    '70K EUR won',
    '80% accepted within five minutes',
    'Needs analysis 25% 1 1,000 EUR',
    'May 2026 250',
    'Ben 50% due 3 (60%)',
    'All 5 3 open',
  ])
    expect(text).toContain(words);
  expect(await (await firm.anyone.get('/')).text()).toContain('href="/sales"');

  expect(await (await firm.anyone.get('/sales?days=7&pool=partners')).text()).toContain('Nothing is with sales at the moment');
  expect(await firm.anyone.get('/sales?days=%3Cscript%3E')).toHaveStatus(200);
  expect(await firm.anyone.get('/sales?pool=nowhere')).toHaveStatus(404);
});

test('in production the figures are behind the admin key', async () => {
  const firm = await firmWithSales({ TENDRIL_ENV: 'production', PUBLIC_URL: 'https://tendril.test' });
  expect(await firm.anyone.get('/sales')).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('read')).get('/sales')).toHaveStatus(401);
  expect(await firm.get('/sales')).toHaveStatus(200);
});

test('it fits a phone and a desk, in light and dark, and can be read by everybody', async () => {
  const firm = await firmWithSales();
  const url = await firm.listen();
  const browser = await openBrowser();
  try {
    for (const [width, colorScheme] of [
      [1_280, 'light'],
      [320, 'dark'],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const page = await context.newPage();
      await page.goto(`${url}/sales`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect((await new AxeBuilder({ page }).analyze()).violations.map((one) => [one.id, one.nodes[0]?.html])).toEqual([]);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}, 180_000);
