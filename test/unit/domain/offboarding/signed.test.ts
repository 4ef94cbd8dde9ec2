import { expect, test } from 'vitest';
import { signedBy } from '../../../../domain/offboarding/signed.ts';

test('the signature of a letter is another’s; what is said in it is not touched', () => {
  const will = { name: 'Will Frey', email: 'will@firm.example', title: 'Sales, DACH' };
  const ana = { name: 'Ana $& Ruiz', email: 'ana@firm.example', title: null };
  const letter =
    'Dear Mei,\nWill you be there? Will Frey from the fair says hello.\n\nWill\r\n\n  Will Frey\nSales, DACH\nwill@firm.example';
  const signed = 'Dear Mei,\nWill you be there? Will Frey from the fair says hello.\n\nAna\r\n\n  Ana $& Ruiz\nana@firm.example';
  expect(signedBy(letter, will, ana)).toBe(signed);
});
