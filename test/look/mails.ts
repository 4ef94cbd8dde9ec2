import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shippedTemplates } from '../../runtime/templates.ts';
import { openBrowser } from '../support/browser.ts';
import { shippedMails } from '../support/shipped-mails.ts';

const WIDTHS = { desktop: 760, phone: 375 } as const;
const SCHEMES = ['light', 'dark'] as const;

/**
 * `npm run mails:look [DIR]`: every mail that ships, as a desktop and a phone show it, in light and dark, one picture each, and contact sheets of
 * them all. For the eyes of a person: what can be measured, test/unit/messaging/shipped-mails.test.ts measures.
 */
const out = resolve(process.argv[2] ?? 'node_modules/.cache/mails');
await mkdir(out, { recursive: true });
const mails = shippedMails(await shippedTemplates());
const browser = await openBrowser();
const pictures: { key: string; width: keyof typeof WIDTHS; scheme: (typeof SCHEMES)[number]; file: string }[] = [];
for (const [width, px] of Object.entries(WIDTHS) as [keyof typeof WIDTHS, number][]) {
  for (const scheme of SCHEMES) {
    const page = await browser.newPage({ viewport: { width: px, height: 600 }, colorScheme: scheme });
    for (const { key, html } of mails) {
      await page.setContent(html);
      const file = `${key}.${width}.${scheme}.png`;
      await page.screenshot({ path: join(out, file), fullPage: true });
      pictures.push({ key, width, scheme, file });
    }
    await page.close();
  }
}

const ON_A_SHEET = 6;
for (let from = 0; from < mails.length; from += ON_A_SHEET) {
  const sheet = join(out, `sheet-${from / ON_A_SHEET + 1}`);
  await writeFile(`${sheet}.html`, sheetOf(mails.slice(from, from + ON_A_SHEET).map(({ key }) => key)));
  const page = await browser.newPage({ viewport: { width: 1_800, height: 900 } });
  await page.goto(pathToFileURL(`${sheet}.html`).href);
  await page.screenshot({ path: `${sheet}.png`, fullPage: true });
  await page.close();
}
await browser.close();
console.log(`${pictures.length} pictures of ${mails.length} mails, and sheets of them: ${out}`);

/** A row for each mail: desktop light and dark, phone light and dark. */
function sheetOf(keys: readonly string[]): string {
  const rows = keys.map((key) => {
    const cells = pictures
      .filter((one) => one.key === key)
      .map(({ file, width }) => `<td><img class="${width}" src="${file}" alt="" /></td>`);
    return `<tr><th>${key}</th>${cells.join('')}</tr>`;
  });
  return `<!doctype html><meta charset="utf-8" /><style>
    body { font: 14px sans-serif; background: #888; } td, th { vertical-align: top; padding: 6px; text-align: left }
    .desktop { width: 520px } .phone { width: 290px }</style><table>${rows.join('')}</table>`;
}
