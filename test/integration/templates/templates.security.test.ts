import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const mail = (text: string) =>
  `---\nsubject: Hello\npreheader: A word\n---\n<mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section>\n`;

test('reading mails needs read, saving one write, the firm’s address admin; a mail reads no file and runs no code', async () => {
  const firm = await workspace();
  const [reader, writer, website] = await Promise.all([firm.newKey('read'), firm.newKey('write'), firm.newKey('ingest')]);
  const source = mail('Hello');
  for (const path of [
    '/v1/templates',
    '/v1/templates/notice',
    '/v1/templates/notice/preview',
    '/v1/templates/notice/letters',
    '/v1/workspace',
  ]) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await firm.with(website).get(path)).toHaveStatus(403);
    expect(await firm.with(reader).get(path)).toHaveStatus(200);
  }
  expect(await firm.with(website).post('/v1/templates/lint', {})).toHaveStatus(403);
  expect(await firm.with(reader).put('/v1/templates/mine', { source })).toHaveStatus(403);
  expect(await firm.with(writer).put('/v1/templates/mine', { source })).toHaveStatus(200);
  expect(await firm.with(writer).put('/v1/workspace', { name: 'Mine' })).toHaveStatus(403);

  const included = mail('</mj-text><mj-include path="/etc/passwd" /><mj-include path="../../package.json" /><mj-text>x');
  await firm.put('/v1/templates/nosy', { source: included });
  const shown = await firm.get('/v1/templates/nosy/preview?format=html');
  expect(await shown.text()).not.toMatch(/root:|dependencies/);
  for (const code of ['{{constructor.constructor}}', '{{lead.__proto__.x}}'])
    expect(await firm.put('/v1/templates/sly', { source: mail(code) })).toHaveStatus(422);
  await firm.put('/v1/templates/sly', { source: mail("{{lookup (lookup lead 'constructor') 'name'}}.") });
  expect(await (await firm.get('/v1/templates/sly/preview?format=text')).text()).toMatch(/^Tendril\n\n\.\n/);
  expect(({} as { x?: unknown }).x).toBeUndefined();

  // What somebody typed into a form stays text in their mail.
  await firm.put('/v1/templates/hi', { source: mail("Hello {{default lead.first_name 'you'}}") });
  await firm.pool.query(`insert into lead (email, first_name) values ('x@x.example', '<img src=x onerror=alert(1)>')`);
  expect(await (await firm.get('/v1/templates/hi/preview?email=x@x.example&format=html')).text()).toContain('Hello &lt;img');
});
