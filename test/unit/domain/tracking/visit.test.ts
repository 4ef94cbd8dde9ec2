import { expect, test } from 'vitest';
import { clickBehind } from '../../../../domain/tracking/visit.ts';

const at = (s: number) => new Date(Date.UTC(2026, 2, 2, 9, 0, s));
const click = (id: string, s: number, url: string | null, userAgent: string | null = null) => ({
  id,
  leadId: 'mei',
  at: at(s),
  url,
  userAgent,
});
const behind = (url: string, clicks: Parameters<typeof clickBehind>[1], userAgent: string | null = null) =>
  clickBehind({ leadId: 'mei', at: at(30), url, userAgent }, clicks)?.id ?? null;

test('behind a visit is the last click before it to that site, rather to that very page', () => {
  const clicks = [click('study', 10, 'https://firm.example/study'), click('price', 20, 'https://firm.example/price?utm=x')];
  expect(behind('https://www.firm.example/', clicks)).toBe('price');
  expect(behind('https://firm.example/study#top', clicks)).toBe('study');
  expect(behind('https://blog.firm.example/', clicks)).toBeNull();
});

test('a later click, somebody else’s, another browser’s, or a page without an address say nothing', () => {
  const page = 'https://firm.example/';
  expect(behind(page, [click('later', 40, page)])).toBeNull();
  expect(behind(page, [{ ...click('other', 10, page), leadId: 'ana' }])).toBeNull();
  expect(behind(page, [click('phone', 10, page, 'Phone')], 'Desktop')).toBeNull();
  expect(behind(page, [click('same', 10, page, 'Desktop')], 'Desktop')).toBe('same');
  expect(behind('about:blank', [click('a', 10, null)])).toBeNull();
  expect(behind('', [click('a', 10, page)])).toBeNull();
});
