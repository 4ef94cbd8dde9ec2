import { transform } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';

const source = new URL('./browser.js', import.meta.url);
const target = new URL('./script.ts', import.meta.url);

/** The tracker as it is to be served, made from `browser.js`. */
export async function minified(): Promise<string> {
  const { code } = await transform(await readFile(source, 'utf8'), { minify: true, target: 'es2018' });
  return code.trim();
}

// Run by itself, it writes the module.
if (process.argv[1]?.endsWith('tracker/minify.ts')) {
  const about = '/** The website tracker, minified from browser.js by `npx tsx api/public/tracker/minify.ts`. */';
  await writeFile(target, `${about}\nexport const script =\n  ${JSON.stringify(await minified())};\n`);
}
