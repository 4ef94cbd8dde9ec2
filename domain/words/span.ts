const units: [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A length of time at a glance, in its two largest units: `3 d 4 h`, `12 min`, `40 s`. Milliseconds; the sign is left out. */
export function span(ms: number): string {
  const left = Math.abs(ms);
  const first = units.findIndex(([size]) => left >= size);
  if (first === -1) return '0 s';
  const [size, name] = units[first]!;
  const whole = Math.floor(left / size);
  const [nextSize, nextName] = units[first + 1] ?? [1, ''];
  const rest = Math.floor((left - whole * size) / nextSize);
  return rest > 0 && first < 2 ? `${whole} ${name} ${rest} ${nextName}` : `${whole} ${name}`;
}

/** How far an instant is from now: `in 2 h 5 min`, `3 d ago`, `now`. */
export function away(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  if (Math.abs(ms) < 1_000) return 'now';
  return ms > 0 ? `in ${span(ms)}` : `${span(ms)} ago`;
}
