import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const mail = (text: string, head = 'subject: Hello\npreheader: A word') =>
  `---\n${head}\n---\n<mj-section><mj-column>\n  <mj-text>${text}</mj-text>\n</mj-column></mj-section>\n`;
const campaign = {
  key: 'prices',
  name: 'Prices',
  class: 'transactional',
  entry: { event: 'asked' },
  steps: [{ id: 'offer', send: { template: 'offer', params: { amount: 1234.5 } } }],
};

async function firm() {
  const firm = await workspace({
    at: '2026-03-02T09:00:00Z',
    documents: { segment: { hamburg: { condition: { 'lead.city': 'Hamburg' } } } },
  });
  expect(await firm.put('/v1/workspace', { name: 'Ostara', postalAddress: 'Kaistrasse 9, 24103 Kiel', country: 'DE' })).toHaveStatus(200);
  const people: [string, object][] = [
    [
      'mei@x.example',
      {
        first_name: 'Mei',
        last_name: 'Wang',
        company: 'Huadong',
        locale: 'de-AT',
        prefers: 'post',
        street: 'Elbchaussee 1',
        postal_code: '22763',
        city: 'Hamburg',
      },
    ],
    [
      'joe@x.example',
      { first_name: 'Joe', prefers: 'post', street: '1 Main St', zip: '97201', city: 'Portland', state: 'OR', country: 'US' },
    ],
    ['sam@x.example', { first_name: '=Sam', prefers: 'post' }],
    ['eva@x.example', { first_name: 'Eva', street: 'Hof 1', city: 'Kiel' }],
    ['out@x.example', { first_name: 'Out', prefers: 'post', street: 'Hof 2', city: 'Kiel' }],
  ];
  for (const [email, { first_name = null, last_name = null, company = null, locale = null, country = null, ...attributes }] of people as [
    string,
    Record<string, string | null>,
  ][])
    await firm.pool.query(
      'insert into lead (email, first_name, last_name, company, locale, country, attributes) values ($1, $2, $3, $4, $5, $6, $7)',
      [email, first_name, last_name, company, locale, country, attributes],
    );
  await firm.pool.query(`insert into suppression (address, kind, source) values ('out@x.example', 'complaint', 'test')`);
  return firm;
}

test('a mail is saved, refused with its lines, previewed in the language of any lead, and told with those who send it', async () => {
  const at = await firm();
  expect(
    await at.put('/v1/templates/offer', { source: mail("{{money params.amount 'EUR'}} for {{default lead.first_name 'you'}}") }),
  ).toHaveStatus(200);
  const german = {
    source: mail(
      "{{money params.amount 'EUR'}} für {{default lead.first_name 'Sie'}}, am {{date '2026-03-05'}}",
      'subject: Guten Tag\npreheader: Ein Wort',
    ),
    language: 'de',
  };
  expect(await (await at.put('/v1/templates/offer', german)).json()).toEqual({ key: 'offer', language: 'de', version: 1, warnings: [] });
  expect(await at.post('/v1/campaigns', campaign)).toHaveStatus(201);
  expect(await at.post('/v1/campaigns/prices/launch', {})).toHaveStatus(200);

  expect(await (await at.get('/v1/templates/offer')).json()).toMatchObject({
    own: true,
    params: ['amount'],
    usedBy: [{ campaign: 'prices', step: 'offer' }],
    variants: [{ language: null }, { language: 'de', subject: 'Guten Tag', source: german.source }],
  });
  expect(await (await at.get('/v1/templates/offer/preview?email=mei@x.example')).json()).toMatchObject({
    subject: 'Guten Tag',
    text: expect.stringMatching(/1\.234,50\s€ für Mei, am Donnerstag, 5\. März 2026/),
    file: 'offer.de.mjml',
    because: 'the lead’s language is de-AT',
  });
  expect(await (await at.get('/v1/templates/offer/preview?lead=joe@x.example&format=text')).text()).toContain('€1,234.50 for Joe');
  const html = await at.get('/v1/templates/offer/preview?language=de&format=html');
  expect(html.headers.get('content-security-policy')).toContain('sandbox');
  expect(await html.text()).toContain('lang="de"');
  expect(await (await at.get('/templates/offer?lead=mei@x.example')).text()).toContain('offer.de.mjml');
  expect(await (await at.get('/templates')).text()).toContain('prices/offer');

  // What a mail takes for granted must be given by every step that sends it, from then on as before.
  const wanting = await at.put('/v1/templates/offer', { source: mail("{{money params.amount 'EUR'}} until {{params.until}}") });
  expect(await wanting.json()).toMatchObject({
    warnings: [{ path: 'campaign/prices: steps.0', reason: expect.stringContaining("offer.mjml line 6: 'params.until' is not given") }],
  });
  expect(await (await at.post('/v1/campaigns/lint', campaign)).json()).toMatchObject({
    ok: false,
    findings: [{ path: 'steps.0', reason: "offer.mjml line 6: 'params.until' is not given" }],
  });
  expect(await (await at.post('/v1/templates/lint', { key: 'offer' })).json()).toMatchObject({
    ok: false,
    looked: 2,
    findings: [{ level: 'error', file: 'offer.mjml', line: 6, rule: 'param', variable: 'params.until', usedBy: 'prices/offer' }],
  });
});

test('those who prefer post get a letter: a page for the printer, or a list to merge with', async () => {
  const at = await firm();
  await at.put('/v1/templates/note', {
    source: mail("Dear {{default lead.first_name 'reader'}}, <b>a word</b>.</mj-text>\n  <mj-text><ul><li>One</li><li>Two</li></ul>"),
  });
  const page = await (await at.get('/v1/templates/note/letters')).text();
  expect(page).toContain('2 letters.');
  expect(page).toContain('<span>Huadong</span><span>Mei Wang</span><span>Elbchaussee 1</span><span>22763 Hamburg</span></address>');
  expect(page).toContain('<span>Joe</span><span>1 Main St</span><span>Portland, OR 97201</span><span>UNITED STATES</span></address>');
  expect(page).toContain('No postal address is known of sam@x.example.');
  expect(page).toContain('Ostara · Kaistrasse 9 · 24103 Kiel');
  expect(page).toContain('<p>Dear Mei, a word.</p>\n<ul><li>One</li><li>Two</li></ul>');
  expect(page).not.toMatch(/Eva|Out|nsubscribe/);

  const list = await at.get('/v1/templates/note/letters?segment=hamburg&format=csv');
  expect(list.headers.get('content-type')).toContain('text/csv');
  const bytes = Buffer.from(await list.arrayBuffer());
  const [head, row, ...rest] = bytes.toString().split('\r\n');
  expect(head).toBe(
    '\uFEFFlead_id,email,first_name,last_name,name,title,company,street,postal_code,city,region,country,address,subject,text',
  );
  expect(row).toContain(
    ',mei@x.example,Mei,Wang,,,Huadong,Elbchaussee 1,22763,Hamburg,,,"Huadong\nMei Wang\nElbchaussee 1\n22763 Hamburg",Hello,"Dear Mei, a word.',
  );
  expect(rest).toEqual(['']);
  expect(await (await at.get('/v1/templates/note/letters?everybody=true')).text()).toContain('3 letters.');
});
