import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf } from '../../../../domain/figures/commission.ts';

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
