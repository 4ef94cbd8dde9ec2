import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadTemplates } from '../../../messaging/templates.ts';
import { shippedTemplates } from '../../../runtime/templates.ts';
import { shippedParams, viewOf } from '../../support/mail-views.ts';

const plain = '<mjml><mj-head><mj-preview><!-- preheader --></mj-preview></mj-head><mj-body><!-- body --></mj-body></mjml>';
const body = (content: string) => `<mj-section><mj-column>${content}</mj-column></mj-section>`;

async function folder(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tendril-templates-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ 'layout/letter.mjml': plain, ...files })) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

const untracked = (_name: string, url: string) => url;

test('a template is filled in: subject, HTML with everything escaped, text with nothing escaped', async () => {
  const source = `---\nsubject: "Hello {{lead.first_name}}"\n---\n${body('<mj-text>Dear {{lead.first_name}}, {{default lead.title "colleague"}}</mj-text>')}`;
  const templates = await loadTemplates([await folder({ 'deep/hello.mjml': source })]);
  expect(templates.has('hello')).toBe(true);
  expect(templates.has('letter')).toBe(false);
  const { subject, html, text } = templates.render('hello', { lead: { first_name: '<b>O’Neil & Co' } }, untracked);
  expect(subject).toBe('Hello <b>O’Neil & Co');
  expect(html).toContain('Dear &lt;b&gt;O’Neil &amp; Co, colleague');
  expect(text).toBe('Dear <b>O’Neil & Co, colleague\n');
});

test('a variable without a value is an error that names template and variable', async () => {
  const templates = await loadTemplates([
    await folder({ 'a.mjml': `---\nsubject: Hello\n---\n${body('<mj-text>Dear {{lead.first_name}}</mj-text>')}` }),
  ]);
  expect(() => templates.render('a', { lead: {} }, untracked)).toThrow("template 'a': the variable 'lead.first_name' has no value");
  expect(() => templates.render('b', {}, untracked)).toThrow("there is no template 'b'");
});

test('links to the web are counted under their name, in both parts; acts are not', async () => {
  const content = `<mj-text><a href="https://firm.example/a?x=1&amp;n={{lead.name}}" name="study">Study</a> <a href="mailto:a@firm.example">us</a>
    <a href="{{unsubscribeUrl}}">Unsubscribe</a></mj-text><mj-button href="https://firm.example/plain">Go</mj-button>`;
  const templates = await loadTemplates([await folder({ 'a.mjml': `---\nsubject: Hello\n---\n${body(content)}` })]);
  const seen: string[][] = [];
  const { html, text } = templates.render('a', { lead: { name: 'Ö "q"' }, unsubscribeUrl: 'http://us.example/u/1' }, (name, url) => {
    seen.push([name, url]);
    return `http://us.example/c/${seen.length}`;
  });
  expect(seen.slice(0, 2)).toEqual([
    ['study', 'https://firm.example/a?x=1&n=Ö "q"'],
    ['https://firm.example/plain', 'https://firm.example/plain'],
  ]);
  expect(html).toContain('href="http://us.example/c/1"');
  expect(html).toContain('href="http://us.example/u/1"');
  expect(html).toContain('href="mailto:a@firm.example"');
  expect(html).not.toContain('firm.example/plain');
  expect(text).toContain('Go (http://us.example/c/4)');
});

test.each([
  ['no front matter', body('<mj-text>x</mj-text>'), 'front matter'],
  ['no subject', `---\npreheader: x\n---\n${body('<mj-text>x</mj-text>')}`, 'subject'],
  ['unknown key', `---\nsubject: x\nfrom: me\n---\n${body('<mj-text>x</mj-text>')}`, 'from'],
  ['unknown layout', `---\nsubject: x\nlayout: nowhere\n---\n${body('')}`, "no layout 'nowhere'"],
  ['bad MJML', `---\nsubject: x\n---\n${body('<mj-txet>x</mj-txet>')}`, 'mj-txet'],
  ['bad Handlebars', `---\nsubject: x\n---\n${body('<mj-text>{{#if x}}</mj-text>')}`, 'Parse error'],
])('a wrong template (%s) is told when it is loaded, with its file', async (_, source, reason) => {
  const dir = await folder({ 'wrong.mjml': source });
  await expect(loadTemplates([dir])).rejects.toThrow(reason);
  await expect(loadTemplates([dir])).rejects.toThrow('wrong.mjml');
});

test('a layout without a place for the mail is told, and nothing is sent in it', async () => {
  const dir = await folder({
    'layout/empty.mjml': plain.replace('<!-- body -->', ''),
    'a.mjml': `---\nsubject: x\nlayout: empty\n---\n${body('')}`,
  });
  await expect(loadTemplates([dir])).rejects.toThrow('layout/empty.mjml:1: a layout says <!-- body -->');
});

test('a lead gets the variant for its language, else the nearest, else the one for everybody; its layout speaks it, too', async () => {
  const mail = (text: string) => `---\nsubject: ${text}\n---\n${body(`<mj-text>${text}</mj-text>`)}`;
  const templates = await loadTemplates([
    await folder({
      'a.mjml': mail('Hello'),
      'a.de.mjml': mail('Hallo'),
      'a.pt-BR.mjml': mail('Oi'),
      'layout/letter.de.mjml': plain.replace(
        '<!-- body -->',
        '<!-- body --><mj-section><mj-column><mj-text>Ihr Haus</mj-text></mj-column></mj-section>',
      ),
    }),
  ]);
  expect(templates.keys()).toEqual(['a']);
  const subject = (lead: object) => templates.render('a', { lead }, untracked).subject;
  expect(
    [{}, { locale: 'fr' }, { locale: 'de_AT' }, { locale: 'pt' }, { locale: 'de', language: 'en' }, { locale: 'nonsense!' }].map(subject),
  ).toEqual(['Hello', 'Hello', 'Hallo', 'Oi', 'Hello', 'Hello']);
  expect(templates.render('a', { lead: { language: 'de' } }, untracked).text).toBe('Hallo\n\nIhr Haus\n');
});

test('every mail that ships can be filled in', async () => {
  const templates = await shippedTemplates();
  for (const [key, params] of Object.entries(shippedParams)) {
    const { subject, html, text } = templates.render(key, viewOf(params), untracked);
    expect([key, subject.length > 5, html.length > 500, text.length > 20, /\{\{|undefined|\[object/.test(subject + html + text)]).toEqual([
      key,
      true,
      true,
      true,
      false,
    ]);
  }
});
