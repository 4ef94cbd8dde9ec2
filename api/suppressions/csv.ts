import { type CsvError, parse } from 'csv-parse';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { cell } from '../../domain/csv.ts';
import { delimiterOf } from '../../domain/lists/delimiter.ts';
import { listDecoder, listText } from '../../domain/lists/text.ts';
import { TendrilError } from '../../domain/errors.ts';

/** Characters of one row. Without a bound a quote that is never closed, or a file without line ends, would be held whole. */
const LONGEST_ROW = 200_000;

/** A row of a file: where it stands, from 1, and its cells. */
export interface CsvRow {
  row: number;
  cells: string[];
}

/**
 * The rows of a CSV body as it comes in, plain or gzipped, however long; comma, semicolon or tab. Never more of it in memory than a few chunks. Throws
 * `too_large` beyond `limit` bytes unpacked, `invalid` where it is no CSV.
 */
export async function* csvRows(body: ReadableStream<Uint8Array> | null, packed: boolean, limit: number): AsyncGenerator<CsvRow> {
  if (!body) return;
  const raw = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  const bytes = packed ? raw.pipe(createGunzip().on('error', () => {})) : raw;
  raw.on('error', (error) => bytes.destroy(error));
  const source = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let first: Buffer;
  try {
    first = await headOf(source);
  } catch {
    throw new TendrilError('bad_request', 'The body says it is gzipped but cannot be unpacked');
  }
  const decoder = listDecoder();
  let size = 0;
  const text = new Transform({
    writableObjectMode: true,
    transform(chunk: Buffer, _, done) {
      size += chunk.byteLength;
      if (size > limit) return done(new TendrilError('too_large', `A list may have at most ${limit} bytes, unpacked: send it in parts`));
      done(null, decoder.write(chunk));
    },
    flush: (done) => done(null, decoder.end()),
  });
  const delimiter = delimiterOf(listText(first));
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: LONGEST_ROW,
  });
  text.on('error', (error) => parser.destroy(error));
  Readable.from(chunks(first, source))
    .on('error', (error) => text.destroy(error))
    .pipe(text)
    .pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { row: info.lines, cells: record };
  } catch (error) {
    if (error instanceof TendrilError) throw error;
    const { code, lines } = error as CsvError & { lines?: number };
    if (code?.startsWith('Z_')) throw new TendrilError('bad_request', 'The body says it is gzipped but cannot be unpacked');
    if (!code?.startsWith('CSV_')) throw error;
    throw new TendrilError('invalid', `The list cannot be read: line ${lines ?? 1}`, [
      { path: '', reason: code.replace('CSV_', '').toLowerCase().replaceAll('_', ' '), mend: 'send CSV, one address a row' },
    ]);
  }
}

/** Enough of the beginning to see its first row. */
async function headOf(source: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let size = 0; size < 10_000;) {
    const { value, done } = await source.next();
    if (done) break;
    parts.push(Buffer.from(value));
    size += value.byteLength;
    if (value.includes(10)) break;
  }
  return Buffer.concat(parts);
}

async function* chunks(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** One row of CSV, quoted where it must be; a formula is none. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}
