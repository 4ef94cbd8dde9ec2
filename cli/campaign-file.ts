import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { Failure } from './failure.ts';
import { readBody } from './workspace/files.ts';

export interface CampaignFile {
  text: string;
  document: unknown;
  /** The line on which a dotted path stands, or the deepest part of it that is there; 1 in a module. */
  lineOf(path: string): number;
}

/** Whether an argument names a file rather than the key of a stored campaign. */
export const isCampaignFile = (given: string): boolean => /\.(ya?ml|json|ts)$/.test(given);

/** Reads a campaign document: YAML, JSON, or a TypeScript module that exports one. Throws where there is no such file, or it cannot be read as such. */
export async function readCampaignFile(path: string): Promise<CampaignFile> {
  const text = readText(path);
  if (path.endsWith('.ts')) {
    const document = await readBody(path);
    return { text: JSON.stringify(document), document, lineOf: () => 1 };
  }
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines });
  if (parsed.errors.length > 0)
    throw new Failure(
      `${path} is not YAML`,
      parsed.errors.map((error) => error.message.split('\n')[0]!.replace(/:$/, '')),
    );
  return {
    text,
    document: parsed.toJS({ maxAliasCount: 20 }),
    lineOf(dotted) {
      const keys = dotted === '' ? [] : dotted.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      for (let depth = keys.length; depth > 0; depth--) {
        const node = parsed.getIn(keys.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
        if (node?.range) return lines.linePos(node.range[0]).line;
      }
      return 1;
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Failure(missing ? `There is no file ${path}` : `${path} cannot be read: ${(error as Error).message}`);
  }
}
