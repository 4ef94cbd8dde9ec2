import type { Context, MiddlewareHandler } from 'hono';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { TendrilError } from '../domain/errors.ts';

const inflate = promisify(gunzip);

/**
 * Bounds every request body to `limit` bytes, and unpacks those that come gzipped: the packed and the unpacked size are
 * bounded alike, so a bomb is refused before it grows. `larger`: other bounds, by how a path begins; null for a
 * request that may have no more than the others; `streamed` where the body is read as it comes, and bounded there.
 */
export function boundBody(
  usual: number,
  larger: Readonly<Record<string, number | 'streamed' | ((c: Context) => number | null)>> = {},
): MiddlewareHandler {
  const others = Object.entries(larger);
  return async (c, next) => {
    const other = others.find(([path]) => c.req.path.startsWith(path))?.[1];
    if (other === 'streamed') return next();
    const limit = (typeof other === 'function' ? other(c) : other) ?? usual;
    const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
    const length = c.req.header('content-length');
    if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
    // Node holds a body to the length it announces, so a plain one needs no counting.
    if (encoding === 'identity' && (length !== undefined || c.req.raw.body === null)) return next();
    if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip') {
      throw new TendrilError('unsupported_media_type', `Content-Encoding '${encoding}' is not understood: send gzip, or nothing`);
    }
    const sent = await read(c.req.raw.body, limit);
    const body = encoding === 'identity' || sent.length === 0 ? sent : await unpack(sent, limit);
    const headers = new Headers(c.req.raw.headers);
    headers.delete('content-encoding');
    headers.delete('content-length');
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, ...(body.length > 0 && { body: new Uint8Array(body) }) });
    return next();
  };
}

async function read(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer> {
  if (!stream) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function unpack(packed: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflate(packed, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new TendrilError('bad_request', 'The body says it is gzipped but cannot be unpacked');
  }
}

function tooLarge(limit: number): TendrilError {
  return new TendrilError('too_large', `A body may have at most ${limit} bytes, unpacked`);
}
