import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signLink, verifyLink } from '../../../messaging/links.ts';

const secret = 'a secret of the tests, long enough';
const now = new Date('2026-03-02T09:00:00Z');

test('what was signed is what is read', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (payload) => {
      expect(verifyLink(secret, 'click', signLink(secret, 'click', payload), now)).toEqual(JSON.parse(JSON.stringify(payload)));
    }),
  );
});

test('a link made for another purpose, with another secret, or changed anywhere, is not ours', () => {
  const token = signLink(secret, 'accept', { o: '1' });
  expect(() => verifyLink(secret, 'reject', token, now)).toThrow('not one of ours');
  expect(() => verifyLink('another secret of the tests, long', 'accept', token, now)).toThrow('not one of ours');
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '-', '.', '~'), (at, letter) => {
      fc.pre(token[at] !== letter);
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      // The last letter of each part may carry bits that base64url leaves out; the content is then the same.
      fc.pre(
        Buffer.from(changed.split('.')[1] ?? '', 'base64url').compare(Buffer.from(token.split('.')[1]!, 'base64url')) !== 0 ||
          changed.split('.')[0] !== token.split('.')[0],
      );
      expect(() => verifyLink(secret, 'accept', changed, now)).toThrow('not one of ours');
    }),
  );
  for (const nonsense of ['', '.', 'a.b', 'a.b.c', token + '.x'])
    expect(() => verifyLink(secret, 'accept', nonsense, now)).toThrow('not one of ours');
});

test('a link with an end holds until then and not after', () => {
  const token = signLink(secret, 'accept', { o: '1' }, now);
  expect(verifyLink(secret, 'accept', token, new Date(now.getTime() - 1))).toEqual({ o: '1' });
  expect(() => verifyLink(secret, 'accept', token, now)).toThrow('expired');
});
