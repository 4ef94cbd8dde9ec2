import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDocument } from 'yaml';
import { documentAt, pathOf, type WorkspaceDocument } from '../../domain/workspace/folder.ts';
import { Failure } from '../failure.ts';

/** A document with the file it stands in, relative to the folder. */
export interface DocumentFile extends WorkspaceDocument {
  path: string;
}

export interface Folder {
  documents: DocumentFile[];
  /** Files that are no documents of a workspace. */
  others: string[];
}

/** Reads a workspace's folder: YAML, JSON, mails in MJML, and campaigns in TypeScript. Throws, naming the file, where one cannot be read. */
export async function readFolder(dir: string): Promise<Folder> {
  const folder: Folder = { documents: [], others: [] };
  for (const path of filesOf(dir)) {
    const what = documentAt(path);
    if (!what) {
      folder.others.push(path);
      continue;
    }
    const body = await readBody(join(dir, path));
    const named = (body as { key?: unknown } | null)?.key;
    folder.documents.push({ ...what, ...(pathOf(what).includes('/') && typeof named === 'string' && { key: named }), body, path });
  }
  const twice = folder.documents.find((one, i) => folder.documents.some((other, j) => j < i && pathOf(other) === pathOf(one)));
  if (twice) throw new Failure(`${twice.path}: there is another ${twice.kind} '${twice.key}' in this folder`);
  return folder;
}

function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ya?ml|json|ts|mjml)$/.test(entry.name))
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter(
        (path) =>
          path.endsWith('.mjml') ||
          (path.split('/').length <= 2 &&
            !/^(templates\/|package(-lock)?\.json$|tsconfig\.json$)/.test(path) &&
            (!path.endsWith('.ts') || ['campaign', 'sequence'].includes(documentAt(path)?.kind ?? ''))),
      )
      .toSorted();
  } catch {
    throw new Failure(`There is no folder ${dir}`);
  }
}

/** What one file says. A module says it by its default export, else by the only one that has steps. */
export async function readBody(file: string): Promise<unknown> {
  if (file.endsWith('.ts')) return moduleBody(file);
  if (file.endsWith('.mjml')) return readFileSync(file, 'utf8');
  const parsed = parseDocument(readFileSync(file, 'utf8'));
  if (parsed.errors.length > 0)
    throw new Failure(
      `${file} is not YAML`,
      parsed.errors.map((error) => error.message.split('\n')[0]!.replace(/:$/, '')),
    );
  return parsed.toJS({ maxAliasCount: 20 });
}

async function moduleBody(file: string): Promise<unknown> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new Failure(`${file} cannot be run: ${(error as Error).message}`, [
      'the nearest package.json must say "type": "module": tendril types DIR writes one where there is none',
    ]);
  }
  const found = Object.values(module).filter((one) => typeof one === 'object' && one !== null && 'steps' in one);
  const body = module['default'] ?? (found.length === 1 ? found[0] : undefined);
  if (typeof body !== 'object' || body === null)
    throw new Failure(`${file} exports no campaign`, ['write `export default defineCampaign({ … })`']);
  return JSON.parse(JSON.stringify(body)) as unknown;
}

/** Writes a file, with the folders above it. */
export function writeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Whether a folder, or one above it, has a package.json: it says how the modules in it are read. */
export function hasPackage(dir: string): boolean {
  const here = resolve(dir);
  return existsSync(join(here, 'package.json')) || (dirname(here) !== here && hasPackage(dirname(here)));
}
