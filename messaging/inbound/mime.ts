import PostalMime, { type Email, type PostalMimeOptions } from 'postal-mime';

/** Lines that are kept one by one before they become one piece. */
const LINES = 4_096;

/** What the parser works with inside itself; the types leave it out. */
interface Inside {
  currentNode?: { contentDecoder?: { chunks?: (Uint8Array | ArrayBuffer | string)[] } | null } | null;
  processLine(line: Uint8Array, isFinal: boolean): Promise<void>;
}

/**
 * Takes a raw mail apart. Throws where it is nested or headed beyond all measure. The parser keeps each line of a part that is not encoded as an object of its own,
 * a kilobyte for the shortest: four megabytes of empty lines would take four gigabytes. Here they are joined as they come, so that a mail takes some times its own size.
 */
export function takeApart(raw: Uint8Array | string, options: PostalMimeOptions = {}): Promise<Email> {
  const parser = new PostalMime({ maxNestingDepth: 30, maxHeadersSize: 512 * 1024, ...options });
  const inside = parser as unknown as Inside;
  const processLine = inside.processLine.bind(parser);
  const joined = new WeakMap<object, number>();
  inside.processLine = (line, isFinal) => {
    const chunks = inside.currentNode?.contentDecoder?.chunks;
    if (chunks) {
      const from = joined.get(chunks) ?? 0;
      if (chunks.length - from > LINES) {
        const lines = chunks.splice(from).map((one) => (typeof one === 'string' || one instanceof Uint8Array ? one : new Uint8Array(one)));
        chunks.push(Buffer.concat(lines.map((one) => (typeof one === 'string' ? Buffer.from(one) : one))));
        joined.set(chunks, chunks.length);
      }
    }
    return processLine(line, isFinal);
  };
  return parser.parse(raw);
}
