import { saidIn } from './said.ts';
import { storable } from '../storable.ts';

/** Stands above what a person wrote, in the mail that brings it to a rep: what the rep writes above it goes to them, and nothing below. */
export const RELAY_LINE = 'Write above this line';

/** Beyond this nobody writes. */
const LONGEST = 50_000;

/**
 * What of a rep's answer goes on to the person: their own words, without the mail of ours that their program quotes below, which says what
 * the firm thinks of the person. Null where none are left, or where it cannot be told apart.
 */
export function wordsToPass(text: string, { publicUrl }: { publicUrl: string }): string | null {
  const [own = ''] = storable(text, LONGEST).split(LINE);
  const words = saidIn(unquoted(own));
  return words === '' || words.includes(`${publicUrl}/`) ? null : words;
}

/** Whoever quotes it may break it anew. */
const LINE = new RegExp(`^.*${RELAY_LINE.replaceAll(' ', String.raw`[\s>]+`)}.*$`, 'im');

/** Programs put a line about the quoted mail above it, and some of them begin the quotation before ours. */
function unquoted(text: string): string {
  const lines = text.trimEnd().split('\n');
  while (lines.length > 0 && /^\s*>/.test(lines.at(-1)!)) lines.pop();
  return lines.join('\n').trim();
}
