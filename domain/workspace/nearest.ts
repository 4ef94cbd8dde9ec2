/** How many letters must change to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
  }
  return row.at(-1)!;
}

/** The name that was probably meant, or null when none is near: at most a third of its letters differ. */
export function nearest(given: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const far = distance(given.toLowerCase(), name.toLowerCase());
    if (far < least) [best, least] = [name, far];
  }
  return best !== null && least <= Math.max(1, Math.ceil(Math.max(given.length, best.length) / 3)) ? best : null;
}

/** What to do about a name that is not there: the one probably meant, else where to add it. */
export function mendName(given: string, names: Iterable<string>, addTo: string): string {
  const near = nearest(given, names);
  return near === null ? `add it to ${addTo}, or check the spelling` : `did you mean '${near}'? else add it to ${addTo}`;
}
