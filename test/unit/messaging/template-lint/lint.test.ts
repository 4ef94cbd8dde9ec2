import { expect, test } from 'vitest';
import { lintMail, type MailUse } from '../../../../messaging/template-lint/lint.ts';
import { lowContrast } from '../../../../messaging/template-lint/contrast.ts';
import { type CompileMemory, compileTemplates } from '../../../../messaging/templates.ts';

const layout = `<mjml><mj-head><mj-preview><!-- preheader --></mj-preview></mj-head><mj-body><!-- body --><mj-section><mj-column><mj-text>{{#if unsubscribeUrl}}<a href="{{unsubscribeUrl}}">Leave</a>{{/if}} {{workspace.postalAddress}}</mj-text></mj-column></mj-section></mj-body></mjml>`;
const source = (text: string, head = 'subject: Hello there\npreheader: A word') =>
  `---\n${head}\n---\n<mj-section><mj-column>\n${text}\n</mj-column></mj-section>`;

async function found(
  text: string,
  { use = null, head, more = {} }: { use?: MailUse | null; head?: string; more?: Record<string, string> } = {},
) {
  const files = { 'layout/letter.mjml': layout, ...more, 'a.mjml': source(text, head) };
  const templates = await compileTemplates(Object.entries(files).map(([path, one]) => ({ path, source: one })));
  expect(templates.broken).toEqual([]);
  return lintMail(templates.variants('a')[0]!, templates, use).map(({ level, file, line, rule, variable, reason }) => ({
    at: `${file}:${line}`,
    level,
    rule,
    variable,
    reason,
  }));
}
const rules = async (...given: Parameters<typeof found>) => (await found(...given)).map(({ level, rule, at }) => `${level} ${rule} ${at}`);

test('a variable that may be missing is told with file, line and name; one with a default or a condition is not', async () => {
  expect(await found('<mj-text>Dear {{lead.first_name}},</mj-text>\n<mj-text>{{owner.name}} and {{lead.email}}</mj-text>')).toMatchObject([
    { at: 'a.mjml:6', level: 'error', rule: 'variable', variable: 'lead.first_name' },
    { at: 'a.mjml:7', variable: 'owner.name' },
  ]);
  const careful = `<mj-text>{{default lead.first_name 'you'}} {{#if owner}}{{owner.name}}{{else}}us{{/if}} {{#each params.list}}{{this}}{{/each}}
    {{#if (is lead.country 'DE')}}{{lead.country}}{{/if}} {{#unless lead.city}}-{{else}}{{lead.city}}{{/unless}} <!-- {{nothing.here}} --></mj-text>`;
  expect(await found(careful)).toEqual([]);
  expect(
    await found('<mj-text>{{default lead.company account.name}} {{#if lead.city}}x{{else}}{{lead.city}}{{/if}}</mj-text>'),
  ).toMatchObject([{ variable: 'account.name' }, { variable: 'lead.city' }]);
});

test('what a mail needs of its step must be given by the step; what brought the lead in may always be missing', async () => {
  const text = '<mj-text>{{money params.price params.currency}} {{#each params.items}}{{name}}{{/each}}</mj-text>';
  expect(await found(text)).toEqual([]);
  const use = (params: Record<string, unknown>): MailUse => ({ params, class: 'marketing' });
  expect(await found(text, { use: use({ price: 3, currency: 'EUR', items: [{ name: 'a' }] }) })).toEqual([]);
  expect(await found(text, { use: use({ price: 3, items: [{ name: 'a' }, {}] }) })).toMatchObject([
    { rule: 'param', variable: 'params.currency' },
    { rule: 'param', variable: 'params.items.[].name' },
  ]);
  expect(await found('<mj-text>{{params.entry.occasion}}</mj-text>')).toMatchObject([{ variable: 'params.entry.occasion' }]);
  expect(await rules('<mj-text><a href="{{unsubscribeUrl}}">x</a></mj-text>', { use: { params: {}, class: 'transactional' } })).toEqual([
    'error variable a.mjml:6',
  ]);
});

test('a fault in a block is told where the block has it; what it is given stands in it', async () => {
  const more = { 'blocks/visit.mjml': '<mj-text>\n  <a href="{{block.href}}">{{block.label}}</a> {{lead.city}}\n</mj-text>' };
  expect(await found("{{> visit href='https://firm.example' label=lead.email}}", { more })).toMatchObject([
    { at: 'blocks/visit.mjml:2', variable: 'lead.city' },
  ]);
  expect(await found("{{> visit href='https://firm.example'}}", { more })).toMatchObject([
    { variable: 'block.label', reason: "the block is not given 'label' here" },
    { variable: 'lead.city' },
  ]);
  expect(await rules('<mj-include path="blocks/visit.mjml" />', { more })).toContain('error variable blocks/visit.mjml:2');
});

test.each([
  ['<mj-text>{{{lead.email}}}</mj-text>', ['error escaping a.mjml:6']],
  ['<mj-text>{{shout lead.email}}</mj-text>', ['error helper a.mjml:6']],
  ['<mj-text>{{leed.email}}</mj-text>', ['error variable a.mjml:6']],
  ['<mj-image src="https://firm.example/a.png" />', ['error alt a.mjml:6']],
  ['<mj-image src="https://firm.example/a.png" alt="" />', []],
  ['<mj-image src="a.png" alt="A pump" />', ['error link a.mjml:6']],
  ['<mj-button href="#">Go</mj-button>', ['error link a.mjml:6']],
  ['<mj-text>\n<a href="prices">Prices</a></mj-text>', ['error link a.mjml:7']],
  ['<mj-text><a href="javascript:alert(1)">x</a></mj-text>', ['error link a.mjml:6']],
  ['<mj-text><a href="http://firm.example">x</a></mj-text>', ['warning link a.mjml:6']],
  ['<mj-text><a href="mailto:a@firm.example">x</a> <a href="https://firm.example/{{lead.id}}">y</a></mj-text>', []],
  ['<mj-text color="#999999">Some grey words</mj-text>', ['error contrast a.mjml:6']],
  ['<mj-text color="#777777">Some grey words</mj-text>', ['warning contrast a.mjml:6']],
  ['<mj-text color="#777777" font-size="30px">Large grey words</mj-text>', []],
])('%s: %j', async (text, told) => {
  expect(await rules(text)).toEqual(told);
});

test('size, subject, preheader, postal address and the way out', async () => {
  const words = `<mj-text>${'Long words. '.repeat(7_000)}</mj-text>`;
  expect(await rules(words)).toEqual(['warning size a.mjml:null']);
  expect(await rules(words + words)).toEqual(['error size a.mjml:null']);
  expect(await rules('<mj-text>x</mj-text>', { head: `subject: ${'A very long subject '.repeat(5)}\npreheader: x` })).toEqual([
    'warning subject a.mjml:2',
  ]);
  expect(await rules('<mj-text>x</mj-text>', { head: 'subject: LAST CHANCE NOW' })).toEqual([
    'warning subject a.mjml:2',
    'warning preheader a.mjml:2',
  ]);
  const bare = { 'layout/letter.mjml': layout.replace(/\{\{#if.*\}\}/, '') };
  expect(await rules('<mj-text>x</mj-text>', { more: bare })).toEqual([
    'error unsubscribe a.mjml:null',
    'error postal-address a.mjml:null',
  ]);
});

test('contrast is worked out from the colours that win, in light and in dark', () => {
  const page = (css: string, body: string) => `<html><head><style>${css}</style></head><body style="background:#fff">${body}</body></html>`;
  const dark = '@media (prefers-color-scheme: dark) { body { background: #111 !important } .w { color: #eee !important } }';
  expect(lowContrast(page(dark, '<p class="w" style="color:#222">Words</p>'), 'light')).toEqual([]);
  expect(lowContrast(page(dark, '<p class="w" style="color:#222">Words</p>'), 'dark')).toEqual([]);
  expect(lowContrast(page(dark, '<p style="color:#222">Words</p>'), 'dark')).toMatchObject([
    { text: 'Words', colour: '#222222', background: '#111111', wanted: 4.5 },
  ]);
  expect(
    lowContrast(
      page('', '<table bgcolor="navy"><tr><td><b style="font-size:20px;color:rgb(90,90,160)">Big</b></td></tr></table>'),
      'light',
    ),
  ).toMatchObject([{ wanted: 3 }]);
  expect(
    lowContrast(
      page('', '<div style="background:url(a.png) #fff;color:#fefefe">On a picture</div><div style="display:none;color:#fff">hidden</div>'),
      'light',
    ),
  ).toEqual([]);
});

const compiled = async (files: Record<string, string>, memory?: CompileMemory) =>
  compileTemplates(
    Object.entries(files).map(([path, one]) => ({ path, source: one })),
    memory,
  );

test('a look that could not be finished does not stand for those after it', async () => {
  const templates = await compiled({
    'layout/letter.mjml': layout,
    'a.mjml': source('<mj-text color="#dddddd">{{params.price}}</mj-text>'),
  });
  const [mail] = templates.variants('a');
  const seen = (use: MailUse | null) => lintMail(mail!, templates, use).map(({ rule }) => rule);
  expect(seen({ params: {}, class: 'marketing' })).toContain('param');
  expect(seen(null)).toContain('contrast');
});

test('a fault in the first line of a mail is the mail’s, not its layout’s', async () => {
  const templates = await compiled({
    'layout/letter.mjml': layout.replace('<!-- body -->', '\n    <!-- body -->'),
    'a.mjml': '---\nsubject: Hello there\n---\n<mj-section><mj-column><mj-text>{{lead.city}}</mj-text></mj-column></mj-section>',
  });
  const findings = lintMail(templates.variants('a')[0]!, templates, null);
  expect(findings.find(({ variable }) => variable === 'lead.city')).toMatchObject({ file: 'a.mjml', line: 4 });
});

test('a line put in above a fault moves the place where it is told, though the mail reads the same', async () => {
  const memory: CompileMemory = new Map();
  const placeOf = async (text: string) => {
    const templates = await compiled({ 'layout/letter.mjml': layout, 'a.mjml': text }, memory);
    return lintMail(templates.variants('a')[0]!, templates, null).find(({ variable }) => variable === 'lead.city')?.line;
  };
  const mail = source('<mj-text>{{lead.city}}</mj-text>');
  expect(await placeOf(mail)).toBe(6);
  expect(await placeOf(mail.replace('preheader: A word', 'preheader: A word\n# a remark'))).toBe(7);
});
