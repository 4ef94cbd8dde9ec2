import type { Context } from 'hono';
import { parse, YAMLParseError } from 'yaml';
import { z } from '@hono/zod-openapi';
import { TendrilError } from '../../domain/errors.ts';

/** A document as it is sent: JSON, or YAML as it stands in the file. */
export const documentBody = {
  required: true,
  content: {
    'application/json': { schema: z.record(z.string(), z.unknown()) },
    'application/yaml': { schema: z.string() },
  },
};

/** Reads a document from the request. Throws `bad_request` naming the line where it cannot be read, `unsupported_media_type` for other types. */
export async function readDocument(c: Context): Promise<unknown> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const text = await c.req.text();
  if (type === 'application/json') return parseJson(text);
  if (type === 'application/yaml' || type === 'text/yaml' || type === 'application/x-yaml') return parseYaml(text);
  throw new TendrilError('unsupported_media_type', 'Send the document as application/json or application/yaml');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TendrilError('bad_request', 'The body is not JSON');
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 20 });
  } catch (error) {
    const where = error instanceof YAMLParseError && error.linePos ? ` (line ${error.linePos[0].line})` : '';
    throw new TendrilError('bad_request', `The body is not YAML${where}`);
  }
}
