import { expect, test } from 'vitest';
import { minified } from '../../../api/public/tracker/minify.ts';
import { script } from '../../../api/public/tracker/script.ts';

test('the tracker as served is less than 5 kB, and made from its source', async () => {
  expect(Buffer.byteLength(script)).toBeLessThan(5_000);
  expect(script).toBe(await minified());
});
