import { windowsLetters } from '../windows-letters.ts';

/** Bytes of a line that is held until its end has come. */
const LONGEST_LINE = 1_000_000;
const [LF, CR] = [0x0a, 0x0d];

/** Makes text of a file as it comes in. */
export interface ListDecoder {
  write(bytes: Uint8Array): string;
  /** What the last bytes came to. */
  end(): string;
}

/**
 * Text as spreadsheets write it: UTF-16 with a mark, else UTF-8, and each line that is none is in Windows' own letters. So a name or an address with an umlaut
 * is that, whoever wrote the file, however the bytes are cut.
 */
export function listDecoder(): ListDecoder {
  let decoder: ListDecoder | undefined;
  let head = new Uint8Array();
  return {
    write(bytes) {
      if (decoder) return decoder.write(bytes);
      head = joined(head, bytes);
      if (head.length < 2) return '';
      decoder = decoderFor(head);
      return decoder.write(head);
    },
    end() {
      if (decoder) return decoder.end();
      const short = decoderFor(head);
      return short.write(head) + short.end();
    },
  };
}

/** All of a file at once, as `listDecoder` reads it. */
export function listText(bytes: Uint8Array): string {
  const decoder = listDecoder();
  return decoder.write(bytes) + decoder.end();
}

function decoderFor([first, second]: Uint8Array): ListDecoder {
  if (first === 0xff && second === 0xfe) return marked('utf-16le');
  return first === 0xfe && second === 0xff ? marked('utf-16be') : byLines();
}

function marked(encoding: string): ListDecoder {
  const decoder = new TextDecoder(encoding);
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

function byLines(): ListDecoder {
  let begun = new Uint8Array();
  return {
    write(bytes) {
      const end = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
      if (end === 0 && begun.length + bytes.length < LONGEST_LINE) {
        begun = joined(begun, bytes);
        return '';
      }
      const whole = joined(begun, end === 0 ? bytes : bytes.subarray(0, end));
      begun = end === 0 ? new Uint8Array() : bytes.slice(end);
      return linesIn(whole);
    },
    end: () => linesIn(begun),
  };
}

function linesIn(bytes: Uint8Array): string {
  const text = utf8(bytes);
  if (text !== null) return text;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.subarray(at).findIndex((byte) => byte === LF || byte === CR) + 1 || bytes.length - at;
    const line = bytes.subarray(at, at + length);
    lines.push(utf8(line) ?? windowsLetters(new TextDecoder('windows-1252').decode(line)));
    at += length;
  }
  return lines.join('');
}

/** Null where it is none. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
