import { expect, test } from 'vitest';
import { heirOf } from '../../../../domain/offboarding/handover.ts';

test('a word comes first, then what belongs together, then the stand-in; where there is none of these the rules are asked', () => {
  const everybody = { before: 'before', accountOwner: 'owner', alsoHas: 'also' };
  const order = [
    ['asked for', 'named'],
    ['with the rest', 'before'],
    ['account owner', 'owner'],
    ['open opportunity', 'also'],
    ['stand-in', 'stand-in'],
  ];
  const found = order.map((_, gone) => {
    const [to, before, accountOwner, alsoHas] = ['named', ...Object.values(everybody)].map((rep, n) => (n < gone ? null : rep));
    const heir = heirOf(
      { what: 'firm', before: before!, accountOwner: accountOwner!, alsoHas: alsoHas! },
      { to: to!, standIn: 'stand-in' },
    );
    return [heir!.by, heir!.repId];
  });
  expect(found).toEqual(order);
  expect(heirOf({ what: 'firm', before: null, accountOwner: null, alsoHas: null }, { to: null, standIn: null })).toBeNull();
});
