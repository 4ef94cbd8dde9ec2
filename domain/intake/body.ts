import { TendrilError } from '../errors.ts';
import { windowsLetters } from '../windows-letters.ts';

/** A request's body, read: JSON, or the fields of a browser's form (a field given several times is a list). */
export type Body = { source: 'json'; value: unknown } | { source: 'form'; value: Record<string, unknown> };

const accepted = 'application/json, application/x-www-form-urlencoded or multipart/form-data';

/**
 * Reads a form's body by its content type, in the charset that it names. Files are left out, but for their names. Throws
 * `unsupported_media_type` and `bad_request`.
 */
export async function readBody(contentType: string | undefined, bytes: Uint8Array): Promise<Body> {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  const charset = /;\s*charset="?([^";\s]+)"?/i.exec(contentType ?? '')?.[1];
  if (type === 'application/json' || type.endsWith('+json')) return { source: 'json', value: parseJson(decode(bytes, charset ?? 'utf-8')) };
  // navigator.sendBeacon says text/plain to stay a simple request.
  if (type === 'text/plain' && /^\s*[[{]/.test(decode(bytes.slice(0, 64), charset)))
    return { source: 'json', value: parseJson(decode(bytes, charset)) };
  if (type === 'application/x-www-form-urlencoded') return { source: 'form', value: gather(urlencoded(bytes, charset)) };
  if (type === 'multipart/form-data') return { source: 'form', value: gather(await multipart(contentType!, bytes)) };
  throw new TendrilError(
    'unsupported_media_type',
    type ? `A form may be sent as ${accepted}, not as ${type.slice(0, 100)}` : `Say in Content-Type how the form is written: ${accepted}`,
  );
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch {
    throw new TendrilError('bad_request', 'The body is not valid JSON', [
      { path: '', reason: 'it cannot be parsed', mend: 'Send one JSON object' },
    ]);
  }
}

/** Text in a charset; where none is named, UTF-8 if it can be, else Windows' western one. */
function decode(bytes: Uint8Array, charset?: string): string {
  if (!charset) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return windowsLetters(new TextDecoder('windows-1252').decode(bytes));
    }
  }
  try {
    return windowsLetters(new TextDecoder(charset).decode(bytes));
  } catch {
    throw new TendrilError('unsupported_media_type', `The charset '${charset.slice(0, 40)}' is not known here; UTF-8 always is`);
  }
}

function urlencoded(bytes: Uint8Array, charset?: string): [string, string][] {
  const pairs = Buffer.from(bytes)
    .toString('latin1')
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const cut = pair.indexOf('=');
      return (cut < 0 ? [pair, ''] : [pair.slice(0, cut), pair.slice(cut + 1)]).map(unescape) as [Buffer, Buffer];
    });
  const named = pairs.find(([name]) => name.toString('latin1') === '_charset_')?.[1].toString('latin1');
  return pairs.map(([name, value]) => [decode(name, charset ?? named), decode(value, charset ?? named)]);
}

function unescape(part: string): Buffer {
  return Buffer.from(
    part.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

async function multipart(contentType: string, bytes: Uint8Array): Promise<[string, string][]> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
    return [...form.entries()].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : value.name ? [[name, value.name] as [string, string]] : [],
    );
  } catch {
    throw new TendrilError('bad_request', 'The multipart body cannot be read: is its boundary the one in Content-Type?');
  }
}

/** PHP's names: `name[]` says that a field is a list, `fields[email][value]` that it is nested. */
function gather(pairs: readonly [string, string][]): Record<string, unknown> {
  const fields: Fields = new Map();
  for (const [name, value] of pairs) {
    const path = [name.replace(/\[.*$/s, ''), ...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, part]) => part!).filter(Boolean)];
    put(fields, name.startsWith('[') || path.length > DEEPEST ? [name] : path, value);
  }
  return unfold(fields);
}

const DEEPEST = 6;
type Fields = Map<string, string[] | Fields>;

function put(fields: Fields, [key = '', ...rest]: string[], value: string): void {
  const there = fields.get(key);
  if (rest.length === 0) {
    if (there instanceof Map) put(there, [''], value);
    else fields.set(key, [...(there ?? []), value]);
    return;
  }
  const inner: Fields = there instanceof Map ? there : new Map(there ? [['', there]] : []);
  fields.set(key, inner);
  put(inner, rest, value);
}

function unfold(fields: Fields): Record<string, unknown> {
  return Object.fromEntries([...fields].map(([key, all]) => [key, all instanceof Map ? unfold(all) : all.length === 1 ? all[0] : all]));
}
