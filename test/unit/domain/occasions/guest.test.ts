import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guestAfter, type GuestState, guestStateOf, guestStates, isStateHeading } from '../../../../domain/occasions/guest.ts';

test('what is told in any order, however often, ends the same: whoever came has come', () => {
  const told = fc.array(fc.constantFrom(...guestStates), { minLength: 1, maxLength: 8 });
  const end = (list: readonly GuestState[]) => list.reduce<GuestState | null>(guestAfter, null);
  fc.assert(
    fc.property(told, fc.nat(), (list, seed) => {
      const mixed = list.toSorted((a, b) => ((a.length * 31 + seed) % 7) - ((b.length * 31 + seed) % 7));
      expect(end([...mixed, ...list])).toBe(end(list));
      if (list.includes('attended')) expect(end(list)).toBe('attended');
    }),
  );
});

test('attendee lists are read in their own words', () => {
  for (const cell of ['Attended', ' YES ', 'ja', '参加', 'X']) expect(guestStateOf(cell)).toBe('attended');
  for (const cell of ['no-show', 'No Show', 'nein', 'absent']) expect(guestStateOf(cell)).toBe('no_show');
  expect(guestStateOf('Angemeldet')).toBe('registered');
  expect(guestStateOf('perhaps')).toBeNull();
  for (const heading of ['Attended', 'Registration Status', 'attendance_status', 'Teilnahme']) expect(isStateHeading(heading)).toBe(true);
  for (const heading of ['Email', 'Job title', 'Country']) expect(isStateHeading(heading)).toBe(false);
});
