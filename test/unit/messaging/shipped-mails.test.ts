import { expect, test } from 'vitest';
import { lintMail } from '../../../messaging/template-lint/lint.ts';
import { sampleView } from '../../../messaging/template-lint/sample.ts';
import { readVariables } from '../../../messaging/template-lint/variables.ts';
import { fill } from '../../../messaging/templates.ts';
import { shippedTemplates } from '../../../runtime/templates.ts';

test('nothing is wrong with any mail that ships, in light or dark: words for pictures, contrast, size, subject, address, way out, links', async () => {
  const templates = await shippedTemplates();
  const found = templates.variants().flatMap((mail) => lintMail(mail, templates, null));
  expect(found).toEqual([]);

  // Those of the demo need no more than every lead has, whatever they are sent as.
  const ofTheDemo = templates.variants().filter(({ source }) => source.file.startsWith('demo/'));
  expect(ofTheDemo.length).toBeGreaterThan(10);
  expect(ofTheDemo.flatMap((mail) => lintMail(mail, templates, { params: {}, class: 'transactional' }))).toEqual([]);
});

test('the HTML of every mail that ships ends its lines as mail wants it: none is mended for each reader', async () => {
  const templates = await shippedTemplates();
  for (const mail of templates.variants()) {
    const { html } = fill(
      { ...mail, subject: () => '', text: () => '' },
      sampleView(readVariables(mail.source.mjml).uses, { params: {}, bare: false }),
      (_, url) => url,
    );
    expect(html, mail.source.key).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
  }
});
