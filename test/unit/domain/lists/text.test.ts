import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listDecoder } from '../../../../domain/lists/text.ts';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const ways = {
  utf8: (text: string) => Buffer.from(text),
  marked: (text: string) => Buffer.from(`\ufeff${text}`),
  utf16,
  other: (text: string) => utf16(text).swap16(),
};

test('a list says the same however it was saved and however its bytes are cut', () => {
  const line = fc.string({ unit: fc.constantFrom(...'aé€林😀;"'), maxLength: 12 });
  const cuts = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom(...Object.keys(ways)),
      cuts,
      (lines, end, way, sizes) => {
        const text = lines.join(end);
        expect(readIn(ways[way as keyof typeof ways](text), [...sizes, 1])).toBe(text);
      },
    ),
    { numRuns: 100 },
  );
});

test('only the lines that are no UTF-8 are read as Windows’ own', () => {
  const file = Buffer.concat([Buffer.from('Zoë,林\r\n'), latin('Jörg,x\r'), Buffer.from([0x80, 0x0a]), Buffer.from('Zoë')]);
  for (let size = 1; size < file.length; size++) expect(readIn(file, [size])).toBe('Zoë,林\r\nJörg,x\r€\nZoë');
});

test('a line without an end is not held for ever', () => {
  const decoder = listDecoder();
  let written = 0;
  for (let n = 0; n < 40; n++) written += decoder.write(Buffer.alloc(65_536, 'a')).length;
  expect(written).toBeGreaterThan(1_000_000);
  expect(written + decoder.end().length).toBe(40 * 65_536);
});

function readIn(bytes: Buffer, sizes: readonly number[]): string {
  const decoder = listDecoder();
  let text = '';
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length]!;
    text += decoder.write(bytes.subarray(at, at + size));
    at += size;
  }
  return text + decoder.end();
}
