import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdersOf, partsOf } from '../../../../domain/figures/commission.ts';

test('one who had it all along has it all; who only accepted has a third, and the odd cent is the closer’s', () => {
  expect(partsOf({ accepted: 'ana', touched: 'ana', won: 'ana' }, 100)).toEqual([
    { rep: 'ana', held: ['accepted', 'touched', 'won'], share: 1, cents: 100 },
  ]);
  expect(partsOf({ accepted: 'ana', touched: 'ben', won: 'ben' }, 100)).toEqual([
    { rep: 'ana', held: ['accepted'], share: 1 / 3, cents: 33 },
    { rep: 'ben', held: ['touched', 'won'], share: 2 / 3, cents: 67 },
  ]);
  expect(partsOf({ accepted: 'ana', touched: null, won: 'ben' }, null)).toMatchObject([{ share: 0.5, cents: null }, { share: 0.5 }]);
  expect(partsOf({ accepted: null, touched: null, won: null }, 100)).toEqual([]);
});

test('property: the parts come to the whole, in shares and to the cent, each rep once', () => {
  const holder = fc.option(fc.constantFrom('ana', 'ben', 'cho'));
  fc.assert(
    fc.property(fc.record({ accepted: holder, touched: holder, won: holder }), fc.integer({ min: 0, max: 10 ** 12 }), (holders, cents) => {
      const parts = partsOf(holders, cents);
      if (Object.values(holders).every((one) => one === null)) {
        expect(parts).toEqual([]);
        return;
      }
      expect(parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1, 9);
      expect(parts.reduce((sum, part) => sum + part.cents!, 0)).toBe(cents);
      expect(new Set(parts.map((part) => part.rep)).size).toBe(parts.length);
      expect(parts.every((part) => part.cents! >= 0)).toBe(true);
    }),
  );
});

test('who accepted first, who talked first and who closed are each remembered, a talk without a name by whoever had it then', () => {
  const accepted = (at: number, rep: string | null) => ({ kind: 'accepted', at, rep }) as const;
  const touched = (at: number, rep: string | null) => ({ kind: 'touched', at, rep }) as const;
  expect(holdersOf([accepted(1, 'ana'), accepted(5, 'ben'), touched(7, null), touched(9, 'cho')], 7, 'cho')).toEqual({
    accepted: 'ana',
    touched: 'ben',
    won: 'cho',
  });
  expect(holdersOf([accepted(1, 'ana'), touched(2, 'ben')], 2, 'ana')).toMatchObject({ touched: 'ben' });
  // The BCC that told of the talk came late: no line of the journal says so.
  expect(holdersOf([accepted(4, 'ana')], 3, 'ana')).toMatchObject({ touched: 'ana' });
  // Who has left handed it over before anybody had talked.
  const handed = { kind: 'handed_over', at: 5, rep: 'ben' } as const;
  expect(holdersOf([accepted(1, 'ana'), handed, touched(7, null)], 7, 'ben')).toEqual({ accepted: 'ana', touched: 'ben', won: 'ben' });
  expect(holdersOf([accepted(1, 'ana'), touched(3, null), handed], 3, 'ben')).toMatchObject({ touched: 'ana' });
  expect(holdersOf([], null, 'ana')).toEqual({ accepted: null, touched: null, won: 'ana' });
});
