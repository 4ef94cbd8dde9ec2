import { expect, test } from 'vitest';
import { leadZone } from '../../../../domain/calendar/lead-zone.ts';

const zone = (country: string | null, more: { timezone?: string; phone?: string } = {}) =>
  leadZone({ timezone: null, phone: null, country, ...more }, 'America/New_York');

test('a country whose zones tell the same time, or where nearly all live by one, is no reason to take the workspace’s', () => {
  expect(['DE', 'IN', 'CN', 'ES', 'PT', 'NZ', 'UA', 'CL'].map((country) => zone(country))).toEqual([
    'Europe/Berlin',
    'Asia/Calcutta',
    'Asia/Shanghai',
    'Europe/Madrid',
    'Europe/Lisbon',
    'Pacific/Auckland',
    'Europe/Kiev',
    'America/Santiago',
  ]);
  expect(zone('MY')).toMatch(/^Asia\/Ku/);
  expect(zone('AR')).toMatch(/^America\//);
});

test('an explicit zone comes first, then the phone’s country, then the country; where clocks differ or nothing is known the workspace’s', () => {
  expect(zone('DE', { timezone: 'Asia/Tokyo', phone: '+33140205050' })).toBe('Asia/Tokyo');
  for (const timezone of ['Nowhere/Land', '+02:00', '2026-01-01T00:00Z', 'AST'])
    expect(zone('DE', { timezone, phone: '+33140205050' })).toBe('Europe/Paris');
  expect(zone('DE', { phone: '+14155552671' })).toBe('Europe/Berlin');
  for (const country of ['US', 'AU', 'BR', 'XX', '', null]) expect(zone(country)).toBe('America/New_York');
});
