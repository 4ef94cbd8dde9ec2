import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signLink } from '../../messaging/links.ts';
import { openBrowser } from '../support/browser.ts';
import { SECRET } from '../support/delivery.ts';
import { workspace } from '../support/workspace.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const topics = {
  languages: ['en', 'de', 'pt-BR'],
  topics: [
    {
      key: 'letter',
      name: 'The Ostara letter',
      basis: 'double-opt-in',
      description: 'Every other month: what is new, and what others asked us',
    },
    {
      key: 'pumps',
      name: 'Pumps and how to choose them',
      basis: 'legitimate-interest',
      description: 'Advice on selection, case studies and prices',
    },
  ],
};

test('what somebody receives is chosen on a phone, without scripts, and read by everybody, light and dark', async () => {
  const firm = await workspace({ documents: { topics: { default: topics } } });
  const url = await firm.listen();
  const { rows } = await firm.pool.query<{ id: string }>(
    `insert into lead (email, locale) values ('mei@huadong.example', 'de') returning id`,
  );
  const leadId = rows[0]!.id;
  const { rows: asked } = await firm.pool.query<{ id: string }>(
    `insert into consent (lead_id, topic, granted, lack, source) values ($1, 'letter', null, 'pending', 'form') returning id`,
    [leadId],
  );
  const link = `${url}/p/${signLink(SECRET, 'unsubscribe', { l: leadId, t: 'pumps', s: null })}`;
  const confirm = `${url}/confirm/${signLink(SECRET, 'confirm', { l: leadId, t: 'letter', c: asked[0]!.id })}`;

  const phone = await browser.newContext({ viewport: { width: 375, height: 700 }, javaScriptEnabled: false, colorScheme: 'dark' });
  const page = await phone.newPage();
  await page.goto(confirm);
  await page.getByRole('button', { name: 'Yes, send it to me' }).click();
  await page.getByRole('link', { name: 'Choose what else you receive' }).click();
  expect(await page.getByRole('checkbox', { name: /The Ostara letter/ }).isChecked()).toBe(true);
  expect(await page.getByLabel('Language').inputValue()).toBe('de');
  await page.getByRole('checkbox', { name: /Pumps and how/ }).uncheck();
  await page.getByRole('checkbox', { name: /whether I open/ }).uncheck();
  await page.getByLabel('A pause').selectOption({ label: 'Pause for 60 days' });
  await page.getByRole('button', { name: 'Save' }).click();
  expect(await page.getByRole('status').innerText()).toBe('Saved.');
  expect(await page.getByRole('checkbox', { name: /Pumps and how/ }).isChecked()).toBe(false);
  expect(await page.getByLabel('A pause').locator('option:checked').innerText()).toMatch(/^Paused until /);
  if (process.env['TENDRIL_LOOK']) await page.screenshot({ path: `${process.env['TENDRIL_LOOK']}/preferences-dark.png`, fullPage: true });

  for (const colorScheme of ['light', 'dark'] as const) {
    const reader = await browser.newContext({ viewport: { width: 375, height: 700 }, colorScheme });
    const sheet = await reader.newPage();
    for (const address of [link, confirm]) {
      await sheet.goto(address);
      expect((await new AxeBuilder({ page: sheet }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(await sheet.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    }
    await sheet.goto(link);
    if (process.env['TENDRIL_LOOK'])
      await sheet.screenshot({ path: `${process.env['TENDRIL_LOOK']}/preferences-${colorScheme}-2.png`, fullPage: true });
    await reader.close();
  }
  await phone.close();
});
