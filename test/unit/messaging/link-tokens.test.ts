import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinkTokens, linkCode } from '../../../messaging/link-tokens.ts';
import { createTrackedLinks } from '../../../messaging/tracked-links.ts';

const secret = 'a secret of the tests, long enough';
const tokens = createLinkTokens(secret);

test('a token says which mail, which link and where in the mail; 45 letters', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.webUrl(), fc.nat(62), (sendId, url, position) => {
      const token = tokens.ofMail(sendId).click(linkCode('study', url), position);
      expect(token).toMatch(/^[\w-]{45}$/);
      expect(tokens.readClick(token)).toEqual({ sendId, code: linkCode('study', url), position });
    }),
  );
  expect(tokens.readClick(tokens.ofMail(randomUUID()).click(linkCode('a', 'b'), 63))?.position).toBeNull();
});

test('a token changed, cut or lengthened anywhere, or made with another secret or for the picture, is not ours', () => {
  const sendId = randomUUID();
  const token = tokens.ofMail(sendId).click(linkCode('study', 'https://firm.example/'), 3);
  const picture = tokens.ofMail(sendId).open();
  expect(picture).toMatch(/^[\w-]{33}$/);
  expect(tokens.readOpen(picture)).toBe(sendId);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'Ab0-_'), (at, letter) => {
      fc.pre(token[at] !== letter);
      expect(tokens.readClick(token.slice(0, at) + letter + token.slice(at + 1))).toBeNull();
      expect(tokens.readClick(token.slice(0, at))).toBeNull();
      expect(tokens.readClick(token + letter)).toBeNull();
      if (at < picture.length && picture[at] !== letter)
        expect(tokens.readOpen(picture.slice(0, at) + letter + picture.slice(at + 1))).toBeNull();
    }),
  );
  expect(createLinkTokens('another secret of the tests, long').readClick(token)).toBeNull();
  expect(tokens.readClick(picture)).toBeNull();
  expect(tokens.readOpen(token)).toBeNull();
});

test('a link is stored once, before the first mail that has it departs; one that could not be stored is tried again', async () => {
  const stored: string[][] = [];
  let broken = true;
  const links = createTrackedLinks({
    secret,
    publicUrl: 'https://t.example',
    async store(given) {
      if (broken) throw new Error('no database');
      stored.push(given.map(({ url }) => url));
    },
  });
  const [one, other] = [links.ofMail(randomUUID()), links.ofMail(randomUUID())];
  expect(one.click('a', 'https://firm.example/a', 0)).toMatch(/^https:\/\/t\.example\/c\/[\w-]{45}$/);
  await expect(links.keep()).rejects.toThrow('no database');
  broken = false;
  other.click('a', 'https://firm.example/a', 0);
  other.click('b', 'https://firm.example/b', 1);
  await links.keep();
  await links.keep();
  expect(stored).toEqual([['https://firm.example/a', 'https://firm.example/b']]);
});
