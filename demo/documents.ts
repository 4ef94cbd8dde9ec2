import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** One of the demo's documents, e.g. `scoring`. */
export async function readDemo<T = unknown>(name: string): Promise<T> {
  return parse(await readFile(`${folder}/${name}.yaml`, 'utf8')) as T;
}

/** Every document of one of the demo's folders, in the order of their names. */
export async function readDemoFolder<T = unknown>(name: string): Promise<T[]> {
  const files = (await readdir(`${folder}/${name}`)).filter((file) => file.endsWith('.yaml')).toSorted();
  return Promise.all(files.map((file) => readDemo<T>(`${name}/${file.slice(0, -'.yaml'.length)}`)));
}
