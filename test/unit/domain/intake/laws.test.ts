import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseForm } from '../../../../domain/forms/form.ts';
import { readBody } from '../../../../domain/intake/body.ts';
import { contentHash } from '../../../../domain/intake/content-hash.ts';
import { judge } from '../../../../domain/intake/judge.ts';
import { isGibberish } from '../../../../domain/intake/junk.ts';
import { mapAnswers } from '../../../../domain/intake/map.ts';
import { recognise } from '../../../../domain/intake/recognise.ts';
import { meaningOf } from '../../../../domain/intake/synonyms.ts';
import { TendrilError } from '../../../../domain/errors.ts';
import { isStorable } from '../../../../domain/storable.ts';

const form = parseForm({ key: 'website', name: 'Website', purpose: 'contact' });
const map = (body: unknown) => mapAnswers(recognise(body, 'json'), form, 'US');
const verdict = (body: unknown) => judge(recognise(body, 'json').answers, map(body), form).state;

/** Keys that senders use, so that random bodies come near theirs. */
const key = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'form_response',
    'event_type',
    'answers',
    'definition',
    'fields',
    'field',
    'data',
    'payload',
    'triggerType',
    'eventType',
    'properties',
    'vid',
    'value',
    'options',
    'form_id',
    'email',
    'name',
    '__proto__',
    'tnd_first',
    'rows',
    'id',
    'context',
    'legalConsentOptions',
    'human_fields',
    'source_url',
    'date_created',
    'is_starred',
    '1.3',
    '1.6',
  ),
);
const { body: anyBody } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('form_response', 'FORM_RESPONSE', 'form_submission', 'CHECKBOXES', 'MATRIX', 'a@b.example', '{"a":{"b":1}}'),
  ),
  body: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('body'), { maxLength: 5 }),
    fc.dictionary(key, tie('body'), { maxKeys: 8 }),
  ),
}));

test('no body makes the recogniser or the mapping throw, and what is mapped survives JSON', () => {
  fc.assert(
    fc.property(anyBody, (body) => {
      const mapped = map(body);
      judge(recognise(body, 'json').answers, mapped, form);
      expect(JSON.stringify(JSON.parse(JSON.stringify(mapped)))).toBe(JSON.stringify(mapped));
      expect(JSON.stringify(mapped)).not.toContain('\\u0000');
    }),
    { numRuns: 2_000 },
  );
});

test('a text that is cut off within a character can be stored', () => {
  const long = `a${'🙂'.repeat(6_000)}`;
  const body = {
    email: 'a@b.example',
    message: long,
    website: `x.example/${long}`,
    utm_source: long,
    colours: [long],
    [`b${'𠮷'.repeat(60)}`]: 'c',
  };
  expect(isStorable(map(body))).toBe(true);
});

test('no bytes make reading the body fail in any way but ours', async () => {
  const type = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/x-www-form-urlencoded; charset=gbk',
    '',
    'x',
  );
  await fc.assert(
    fc.asyncProperty(
      type,
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((text) => new Uint8Array(Buffer.from(text))),
      ),
      async (contentType, bytes) => {
        const outcome = await readBody(contentType, bytes).catch((error: unknown) => error);
        expect(outcome instanceof TendrilError || typeof outcome === 'object').toBe(true);
        expect(outcome instanceof Error && !(outcome instanceof TendrilError)).toBe(false);
      },
    ),
  );
});

test('answers in another order are the same submission, other answers another', () => {
  const hash = (body: unknown) => contentHash(recognise(body, 'json'));
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 })), (body) => {
      expect(hash(Object.fromEntries(Object.entries(body).toReversed()))).toBe(hash(body));
    }),
  );
  expect(hash({ email: 'a@b.example', timestamp: '1' })).toBe(hash({ email: 'a@b.example', timestamp: '2' }));
  expect(hash({ email: 'a@b.example', message: 'x' })).not.toBe(hash({ email: 'a@b.example', message: 'y' }));
});

test('labels mean what people would take them for', () => {
  const meanings: Record<string, string[]> = {
    email: [
      'E-Mail',
      'emailAddress',
      'your-email',
      'Adresse e-mail',
      'Correo electrónico',
      'адрес электронной почты',
      '邮箱地址',
      'メールアドレス',
      '이메일',
      'E-posta',
      'contact.email',
      'q4_email4',
      'data[email]',
      'Please give us your email address',
    ],
    firstName: ['first_name', 'firstName', 'Vorname*', 'Prénom', 'Imię', 'What is your first name?', 'name.first'],
    lastName: ['Last Name', 'Nachname', 'Apellidos', 'Фамилия', 'Soyadı', 'name[last]'],
    name: [
      'Name',
      'Ihr Name',
      'Nom et prénom',
      'Nombre completo',
      'Imię i nazwisko',
      'ФИО',
      'Ad Soyad',
      '姓名',
      'お名前',
      '이름',
      'lead.name',
    ],
    company: [
      'Company',
      'Firma',
      'Société',
      'Nombre de la empresa',
      'Ragione sociale',
      'Bedrijfsnaam',
      'Название компании',
      'Şirket',
      '公司名称',
      '会社名',
      '회사명',
      'company.name',
    ],
    phone: ['Phone number', 'Telefonnummer', 'Numéro de téléphone', 'Móvil', 'Телефон', '手机号', '電話番号', '연락처', 'tel-123'],
    title: ['Job Title', 'Position', 'Fonction', 'Должность', '职位', '役職'],
    country: ['Country', 'Land', 'Pays', 'País', '国家'],
    message: ['Message', 'Ihre Nachricht', 'How can we help you today?', '留言', 'お問い合わせ内容'],
  };
  for (const [field, labels] of Object.entries(meanings))
    for (const label of labels) expect([label, meaningOf(label)?.field]).toEqual([label, field]);
  for (const label of [
    'product name',
    'form.name',
    'owner.email',
    'confirm email',
    'Company size',
    'event name',
    'page title',
    'friend email',
    'sales rep name',
  ])
    expect([label, meaningOf(label)?.field]).toEqual([label, undefined]);
});

test('the form’s own mapping comes before all guessing', () => {
  const mapped = parseForm({ ...form, mapping: { 'Your tool?': 'company', 'x.y': 'email', Note: 'ignore', Size: 'attributes.size' } });
  const body = { email: 'guess@b.example', x: { y: 'told@b.example' }, 'Your tool?': 'Acme', Note: 'secret', size: '50' };
  expect(mapAnswers(recognise(body, 'json'), mapped, 'US')).toMatchObject({
    email: 'told@b.example',
    company: 'Acme',
    attributes: { size: '50' },
    properties: { email: 'guess@b.example' },
  });
});

test('an only address under an unknown label is the person’s; of two nobody is guessed', () => {
  expect(map({ zzz: 'a@b.example' }).email).toBe('a@b.example');
  expect(map({ zzz: 'a@b.example', yyy: 'c@d.example' }).email).toBeNull();
});

test('tests are flagged as their senders mark them', () => {
  expect(map({ email: 'test@fb.example', full_name: '<test lead: dummy data for full_name>' })).toMatchObject({ test: true, name: null });
  expect(map({ email: 'a@b.example', message: 'just a test' }).test).toBe(false);
});

test('junk is what machines write, and no more', () => {
  const ok = { email: 'a@b.example', name: 'Zaphod Beeblebrox', message: 'See www.a.example and http://b.example please' };
  expect(verdict(ok)).toBe('accepted');
  expect(verdict({ ...ok, company: 'Rhythmschlzft' })).toBe('accepted');
  expect(verdict({ ...ok, _gotcha: 'x' })).toBe('junk');
  expect(verdict({ ...ok, 'bot-field': 'x' })).toBe('junk');
  expect(verdict({ ...ok, message: '<a href="http://x.example">x</a>' })).toBe('junk');
  expect(verdict({ ...ok, name: 'Win http://x.example' })).toBe('junk');
  expect(verdict({ ...ok, email: 'a@mailinator.com' })).toBe('junk');
  expect(verdict({ email: 'a@b.example', name: 'KvRtJxQmLpZoWq', message: 'pQzXrTvNmKlJhG' })).toBe('junk');
  expect(verdict({ name: 'Nobody' })).toBe('review');
  for (const word of ['McDonaldsMcAllister', 'Donaudampfschifffahrt', 'internationalisation', 'Krzysztofowicz'])
    expect([word, isGibberish(word)]).toEqual([word, false]);
});

test('charsets are read as they are named', async () => {
  const read = async (type: string, bytes: Uint8Array) => (await readBody(type, bytes)).value;
  expect(await read('application/x-www-form-urlencoded; charset=gbk', Buffer.from('name=%CD%F5%D0%A1%C3%F7'))).toEqual({ name: '王小明' });
  expect(await read('application/x-www-form-urlencoded', Buffer.from('_charset_=windows-1251&name=%C0%ED%ED%E0'))).toMatchObject({
    name: 'Анна',
  });
  for (const type of ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=iso-8859-1'])
    expect(await read(type, Buffer.from('name=%8Aari%E6&note=80+%80'))).toEqual({ name: 'Šariæ', note: '80 €' });
  expect(await read('application/json', Buffer.from('\uFEFF{"a":1}'))).toEqual({ a: 1 });
  expect(await read('text/plain;charset=UTF-8', Buffer.from('{"a":1}'))).toEqual({ a: 1 });
  expect(await read('application/x-www-form-urlencoded', Buffer.from('a[]=1&a[]=2&b[c][d]=3&b[e]=4&b=5&f&=6'))).toEqual({
    a: ['1', '2'],
    b: { c: { d: '3' }, e: '4', '': '5' },
    f: '',
    '': '6',
  });
});
