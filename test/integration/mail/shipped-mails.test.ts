import { expect, test } from 'vitest';
import { shippedTemplates } from '../../../runtime/templates.ts';
import { openBrowser } from '../../support/browser.ts';
import { shippedMails } from '../../support/shipped-mails.ts';

test('on a phone no mail that ships has to be pushed sideways, and in the dark its page is dark to the edges', async () => {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 375, height: 700 }, colorScheme: 'dark' });
    for (const { key, html } of shippedMails(await shippedTemplates())) {
      await page.setContent(html);
      const { wide, edge } = await page.evaluate<{ wide: number; edge: string }>(
        `({ wide: document.documentElement.scrollWidth, edge: getComputedStyle(document.querySelector('[role=article]')).backgroundColor })`,
      );
      expect([key, wide, edge]).toEqual([key, 375, 'rgb(16, 24, 22)']);
    }
  } finally {
    await browser.close();
  }
});
