import { expect, test } from 'vitest';
import { deliverabilityDocument, rateFor } from '../../../../domain/deliverability/document.ts';
import { familyOf, familyOfHosts } from '../../../../domain/deliverability/providers.ts';

test('mailboxes are recognised by their domain, under any country, and companies by their mail hosts', () => {
  const of = {
    'gmail.com': 'gmail',
    'hotmail.co.uk': 'outlook',
    'yahoo.fr': 'yahoo',
    'outlook.com.br': 'outlook',
    'vip.qq.com': 'qq',
    '126.com': 'netease',
    'gmx.at': 'gmx',
  };
  for (const [domain, family] of Object.entries(of)) expect([domain, familyOf(domain)]).toEqual([domain, family]);
  for (const domain of ['firm.example', 'yahoo.evil.example', 'notgmail.com', 'live.firm.de']) expect(familyOf(domain)).toBeNull();

  expect(familyOfHosts(['aspmx.l.google.com.', 'alt1.aspmx.l.google.com'])).toBe('gmail');
  expect(familyOfHosts(['firm-example.mail.protection.outlook.com'])).toBe('outlook');
  expect(familyOfHosts(['mxbiz1.qq.com'])).toBe('qq');
  expect(familyOfHosts(['mx.firm.example', 'notgoogle.com'])).toBeNull();
});

test('a rate is that of the very domain, else of its family, and each lane has its own', () => {
  const document = deliverabilityDocument.parse({ providers: { gmail: 60, outlook: { marketing: 30 }, 'gmail.com': 10 } });
  expect(rateFor(document, 'marketing', { domain: 'gmail.com', family: 'gmail' })).toEqual({ key: 'marketing/gmail.com', perMinute: 10 });
  expect(rateFor(document, 'transactional', { domain: 'googlemail.com', family: 'gmail' })).toEqual({
    key: 'transactional/gmail',
    perMinute: 60,
  });
  expect(rateFor(document, 'transactional', { domain: 'live.de', family: 'outlook' })).toBeNull();
  expect(rateFor(document, 'marketing', { domain: 'firm.example', family: null })).toBeNull();
});

test('what cannot be meant is refused where it stands', () => {
  const faults = (body: unknown) => deliverabilityDocument.safeParse(body).error?.issues.map((issue) => issue.path.join('.'));
  expect(faults({})).toBeUndefined();
  expect(faults({ providers: { gmial: 60 } })).toEqual(['providers.gmial']);
  expect(faults({ providers: { gmail: 0 } })).toEqual(['providers.gmail']);
  expect(faults({ domains: { 'not a domain': {} } })).toEqual(['domains.not a domain']);
  expect(faults({ domains: { 'news.firm.example': { warmUp: { from: '2026-01-01', start: 50, growth: '0%', until: 100 } } } })).toEqual([
    'domains.news.firm.example.warmUp.growth',
  ]);
  expect(faults({ spam: { warn: '0.4%' } })).toEqual(['spam.pause']);
});
