import { type Duration, lengthMs, parseDuration } from '../../domain/calendar/duration.ts';

/** What the invented lead does on the way, and when: so long after it has entered. */
export type Deed = { afterMs: number } & ({ click: string } | { event: string; properties: Record<string, string> });

/**
 * `1d click welcome; 3d pricing_viewed page=prices`: a click on a link of the mail of that step, or an event with properties. Throws RangeError
 * saying what cannot be read.
 */
export function parseDeeds(text: string): Deed[] {
  return text
    .split(';')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [after, what, ...rest] = one.split(/\s+/);
      if (what === undefined)
        throw new RangeError(`'${one}' is no deed: write it like '1d click welcome' or '3d pricing_viewed page=prices'`);
      parseDuration(after!);
      const afterMs = lengthMs(after as Duration);
      if (what !== 'click') return { afterMs, event: what, properties: parsePairs(rest) };
      if (rest.length !== 1) throw new RangeError(`'${one}': name the step whose mail is clicked`);
      return { afterMs, click: rest[0]! };
    })
    .toSorted((a, b) => a.afterMs - b.afterMs);
}

/** `occasion=web-1`, `form=trial` → an object. */
export function parsePairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new RangeError(`'${pair}' is not name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
