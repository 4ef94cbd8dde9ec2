import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const mail = (text: string, head = 'subject: Hello\npreheader: A word') =>
  `---\n${head}\n---\n<mj-section><mj-column>\n  <mj-text>${text}</mj-text>\n</mj-column></mj-section>\n`;

test('a mail with a fault is not stored, and each fault is told with its line and what to do', async () => {
  const firm = await workspace();
  const refused = async (source: string) => {
    const answer = await firm.put('/v1/templates/bad', { source });
    expect(answer).toHaveStatus(422);
    const { issues } = (await answer.json()) as { issues: { path: string; reason: string }[] };
    return issues.map(({ path, reason }) => `${path}: ${reason}`);
  };
  expect(await refused(mail('Dear {{lead.first_name}}'))).toEqual(["line 6: 'lead.first_name' may be missing"]);
  expect(await refused(mail('{{#if lead.first_name}}Hello'))).toEqual([expect.stringContaining('line 6: Parse error')]);
  expect(await refused(mail('Hello').replace('mj-text>', 'mj-txet>'))).toEqual([expect.stringContaining('line 6: Element mj-txet')]);
  expect(await refused(mail('{{> offices}}'))).toEqual(["line 6: there is no block 'offices'"]);
  expect(await refused('no front matter')).toEqual([expect.stringContaining('line 1: it begins with front matter')]);
  expect(await refused(mail('<a href="/prices">Prices</a> {{{lead.email}}}'))).toEqual([
    expect.stringContaining('{{{lead.email}}}'),
    expect.stringContaining("'/prices' leads nowhere"),
  ]);
  expect(await firm.get('/v1/templates/bad')).toHaveStatus(404);

  expect(await firm.put('/v1/templates/bad', { source: mail('x'), language: 'klingon' })).toHaveStatus(422);
  expect(await firm.put('/v1/templates/!!', { source: mail('x') })).toHaveStatus(422);
  expect(await firm.get('/v1/templates/nowhere/preview')).toHaveStatus(404);
  expect(await firm.get('/v1/templates/notice/preview?lead=nobody@x.example')).toHaveStatus(404);
  expect(await firm.get('/v1/templates/notice/preview?campaign=nowhere')).toHaveStatus(404);
  expect(await firm.get('/v1/templates/nowhere/letters')).toHaveStatus(404);
  expect(await firm.get('/v1/templates/notice/letters?segment=nowhere')).toHaveStatus(404);
  expect(await firm.get('/templates/nowhere')).toHaveStatus(404);
  expect(await firm.put('/v1/workspace', { timezone: 'Mars/Base' })).toHaveStatus(422);
});
