import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountNameKey, companyDomain } from '../../../../domain/identity/company.ts';
import { countryCode, countryOfDomain } from '../../../../domain/identity/country.ts';
import { normaliseEmail } from '../../../../domain/identity/email.ts';
import { isDisposable, isFreeMail } from '../../../../domain/identity/mail-domains.ts';
import { splitName } from '../../../../domain/identity/name.ts';
import { normalisePhone } from '../../../../domain/identity/phone.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.webUrl());

test('an address in every spelling is one address', () => {
  for (const written of [
    ' Ana@Acme.example ',
    'ANA@ACME.EXAMPLE',
    'Ana Ruiz <ana@acme.example>',
    'mailto:ana@acme.example?subject=x',
    'ana＠acme．example',
  ]) {
    expect([written, normaliseEmail(written)]).toEqual([written, 'ana@acme.example']);
  }
  expect(normaliseEmail('ana+pumps.x@müller.example')).toBe('ana+pumps.x@xn--mller-kva.example');
});

test('what cannot be an address is none', () => {
  for (const written of [
    '',
    'ana',
    'ana@',
    '@b.example',
    'a b@c.example',
    'a..b@c.example',
    '.a@c.example',
    'a@localhost',
    'a@1.2.3.4',
    'a@-c.example',
    'a@c_d.example',
    7,
    null,
    `${'a'.repeat(65)}@b.example`,
  ]) {
    expect([written, normaliseEmail(written)]).toEqual([written, null]);
  }
});

test('normalising is idempotent: addresses, numbers, companies', () => {
  const once = (written: string) => [
    normaliseEmail(written),
    accountNameKey(written),
    companyDomain(written),
    normalisePhone(written, ['DE']),
  ];
  const twice = ([email, key, domain, phone]: (string | null)[]) => [
    normaliseEmail(email),
    accountNameKey(key),
    companyDomain(domain),
    normalisePhone(phone, ['ES']),
  ];
  fc.assert(
    fc.property(anyText, (written) => {
      expect(twice(once(written))).toEqual(once(written));
    }),
    { numRuns: 2_000 },
  );
  expect(once('ana@acme.example')[0]).toBe('ana@acme.example');
});

test('numbers are read by country, and as JSON numbers that lost their plus or zero', () => {
  expect(normalisePhone('030 / 901820', ['DE'])).toBe('+4930901820');
  expect(normalisePhone('0049 (0)30 901820')).toBe('+4930901820');
  expect(normalisePhone('(415) 555-2671', ['US', 'DE'])).toBe('+14155552671');
  expect(normalisePhone('138 0013 8000', ['CN'])).toBe('+8613800138000');
  expect(normalisePhone(4930901820, ['US'])).toBe('+4930901820');
  expect(normalisePhone(821234567, ['ZA'])).toBe('+27821234567');
  expect(normalisePhone('+1 415 555 2671 ext. 12')).toBe('+14155552671');
  for (const wrong of ['12', 'call me', '', '00', Number.NaN, 1e30, '1'.repeat(80)])
    expect([wrong, normalisePhone(wrong, ['US'])]).toEqual([wrong, null]);
});

test('a company’s domain is the registrable one, never free mail, a page elsewhere or an address of a machine', () => {
  expect(companyDomain('ana@mail.acme.co.uk')).toBe('acme.co.uk');
  expect(companyDomain('https://www.acme.com.cn/contact')).toBe('acme.com.cn');
  for (const free of [
    'gmail.com',
    'qq.com',
    '163.com',
    '126.com',
    'sina.com',
    'mail.ru',
    'yandex.ru',
    'web.de',
    'gmx.net',
    't-online.de',
    'naver.com',
    'yahoo.co.jp',
    'mailinator.com',
  ]) {
    expect([free, companyDomain(`a@${free}`)]).toEqual([free, null]);
  }
  for (const none of ['https://linkedin.com/company/acme', '127.0.0.1', 'http://localhost:3000', 'not a url', '', null])
    expect(companyDomain(none)).toBeNull();
  expect([isDisposable('mailinator.com'), isDisposable('gmail.com'), isFreeMail('acme.example')]).toEqual([true, false, false]);
});

test('names of one firm meet under one key, whatever its form', () => {
  const same = (...names: string[]) => expect(new Set(names.map(accountNameKey))).toEqual(new Set([accountNameKey(names[0])]));
  same('Müller Pumpen GmbH & Co. KG', 'MÜLLER PUMPEN', 'Muller-Pumpen GmbH');
  same('Acme S.A.', 'ACME, Inc.', 'Acme Co., Ltd.', 'the acme company', 'Acme Sp. z o.o.', 'Ａｃｍｅ');
  same('上海华东泵业有限公司', '上海华东泵业股份有限公司', '上海华东泵业');
  same('株式会社トヨタ', '㈱トヨタ', 'トヨタ');
  same('ООО «Ромашка»', 'Ромашка');
  expect(accountNameKey('GmbH')).toBe('gmbh');
  expect(accountNameKey(' – ')).toBeNull();
});

test('full names come apart in the order of their script', () => {
  const parts = (name: string, locale?: string) => [splitName(name, locale).firstName, splitName(name, locale).lastName];
  expect(parts('Ursula K. Le Guin')).toEqual(['Ursula', 'Le Guin']);
  expect(parts('Le Guin, Ursula')).toEqual(['Ursula', 'Le Guin']);
  expect(parts('Dr. Hans von der Aue')).toEqual(['Hans', 'von der Aue']);
  expect(parts('CHEN Wei')).toEqual(['Wei', 'CHEN']);
  expect(parts('王小明')).toEqual(['小明', '王']);
  expect(parts('欧阳娜娜')).toEqual(['娜娜', '欧阳']);
  expect(parts('李先生')).toEqual([null, null]);
  expect(parts('山田 太郎')).toEqual(['太郎', '山田']);
  expect(parts('山田太郎', 'ja-JP')).toEqual(['太郎', '山田']);
  expect(parts('홍길동')).toEqual(['길동', '홍']);
  expect(parts('Kevin')).toEqual(['Kevin', null]);
});

test('countries are known by code and by name in many languages', () => {
  for (const name of ['Germany', 'Deutschland', 'Allemagne', 'ALEMANIA', '德国', 'ドイツ', 'Германия', 'de', 'DE'])
    expect([name, countryCode(name)]).toEqual([name, 'DE']);
  expect([countryCode('UK'), countryCode('USA'), countryCode('Atlantis'), countryCode('xx'), countryCode(null)]).toEqual([
    'GB',
    'US',
    null,
    null,
    null,
  ]);
  expect([countryOfDomain('a.co.za'), countryOfDomain('a.io'), countryOfDomain('a.com')]).toEqual(['ZA', null, null]);
});
