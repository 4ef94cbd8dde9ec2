import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backAddress, readBackAddress } from '../../../../messaging/inbound/address.ts';

const secret = 'a secret of the tests, long enough';

test('every mail has an address for answers and one for bounces, short enough, and no other secret makes them', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.constantFrom('reply' as const, 'bounce' as const), (id, purpose) => {
      const address = backAddress(secret, purpose, id, 'mail.firm.example');
      expect(address.indexOf('@')).toBeLessThanOrEqual(64);
      expect(readBackAddress(secret, address)).toEqual({ purpose, sendId: id });
      expect(readBackAddress(secret, address.toUpperCase())).toEqual({ purpose, sendId: id });
      expect(readBackAddress('another secret, as long as the first', address)).toBeNull();
      expect(readBackAddress(secret, address.replace(/^\w+/, purpose === 'reply' ? 'bounce' : 'reply'))).toBeNull();
    }),
  );
});

test('an address that was tampered with, or is somebody’s own, names nothing', () => {
  const address = backAddress(secret, 'reply', '019ab0c2-1111-7222-8333-444455556666', 'mail.firm.example');
  for (let at = 6; at < 44; at++) {
    const other = address[at] === 'a' ? 'b' : 'a';
    expect(readBackAddress(secret, `${address.slice(0, at)}${other}${address.slice(at + 1)}`)).toBeNull();
  }
  for (const foreign of ['ana@firm.example', 'reply+short@firm.example', 'reply+@x', '', `x ${address}`]) {
    expect(readBackAddress(secret, foreign)).toBeNull();
  }
});
