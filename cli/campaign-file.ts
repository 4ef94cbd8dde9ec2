import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { Failure } from './failure.ts';

export interface CampaignFile {
  text: string;
  document: unknown;
  /** The line on which a dotted path stands, or the deepest part of it that is there. */
  lineOf(path: string): number;
}

/** Reads a campaign document, YAML or JSON. Throws where there is no such file, or it cannot be read as such. */
export function readCampaignFile(path: string): CampaignFile {
  const text = readText(path);
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
