import { expect, test } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { workspace } from '../../support/workspace.ts';

test('the reference is drawn without the network and within the policy, and a request can be made from it', async () => {
  const firm = await workspace();
  const home = await firm.listen();
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    await page.route('**', async (route) => {
      const url = route.request().url();
      if (url.startsWith(home) || url.startsWith('data:')) return route.continue();
      elsewhere.push(url);
      return route.abort();
    });
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));

    await page.goto(`${home}/docs`);
    await page.getByRole('heading', { name: 'Tendril' }).waitFor();
    await page.locator('[data-path="/healthz"]').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
