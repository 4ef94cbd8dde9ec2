import { expect, test } from 'vitest';
import { allowsOrigin, lintForm, parseForm, thankYouUrl } from '../../../../domain/forms/form.ts';

const form = { key: 'demo', name: 'Demo', purpose: 'demo_request' };

test('a short document is a whole form', () => {
  expect(parseForm(form)).toMatchObject({ event: 'form_submitted', then: 'enrol', honeypot: '_gotcha', reviewWithin: '4h', origins: [] });
  expect(lintForm(form)).toEqual([]);
});

test('each fault is named with its path, a reason and a mend', () => {
  const paths = (change: object) => lintForm({ ...form, ...change }).map(({ path }) => path);
  expect(paths({ purpose: 'fun' })).toEqual(['purpose']);
  expect(paths({ mapping: { x: 'nonsense' } })).toEqual(['mapping.x']);
  expect(paths({ thankYou: { url: 'javascript:alert(1)' } })).toEqual(['thankYou.url']);
  expect(paths({ thankYou: { path: '//evil.example' }, origins: ['https://a.example'] })).toEqual(['thankYou.path']);
  expect(paths({ thankYou: { path: '/thanks' } })).toEqual(['thankYou.path']);
  expect(paths({ pool: 'inside' })).toEqual(['pool']);
  expect(paths({ origins: ['https://a.example/path'] })).toEqual(['origins.0']);
  expect(paths({ reviewWithin: 'soon' })).toEqual(['reviewWithin']);
  for (const issue of lintForm({ key: 'UPPER', purpose: 'fun', extra: 1 }))
    expect(issue).toMatchObject({ reason: expect.any(String), mend: expect.any(String) });
});

test('the thank-you page is the document’s alone', () => {
  expect(thankYouUrl(parseForm({ ...form, thankYou: { path: '/thanks' }, origins: ['https://www.a.example'] }))).toBe(
    'https://www.a.example/thanks',
  );
  expect(thankYouUrl(parseForm(form))).toBeNull();
});

test('origins match whole, or by subdomain where the document says so', () => {
  const some = parseForm({ ...form, origins: ['https://www.a.example', 'https://*.b.example'] });
  expect(['https://www.a.example', 'https://x.b.example'].every((from) => allowsOrigin(some, from))).toBe(true);
  expect(
    ['https://a.example', 'https://b.example', 'http://x.b.example', 'null', 'https://x.b.example.evil'].some((from) =>
      allowsOrigin(some, from),
    ),
  ).toBe(false);
});
