/** How fast a workspace's clock runs against the real one: 0 stands still, 1 is real time, 8640 is a day in ten seconds. */
const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
type Unit = keyof typeof units;

/** The fastest clock we let anybody set: eleven days a second. More would outrun every timer. */
export const fastest = 1_000_000;

/** Reads `1d=10s` (so much workspace time in so much real time) or a bare factor such as `8640`; null when it is neither. */
export function parseRate(text: string): number | null {
  const pair = /^\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*=\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*$/.exec(text);
  const rate = pair ? (Number(pair[1]) * units[pair[2] as Unit]) / (Number(pair[3]) * units[pair[4] as Unit]) : bareFactor(text);
  return rate !== null && rate >= 0 && rate <= fastest ? rate : null;
}

function bareFactor(text: string): number | null {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

/** The clock in a sentence, e.g. `one day passes every ten seconds`. */
export function rateWords(rate: number): string {
  if (rate === 0) return 'the clock stands still';
  if (rate === 1) return 'real time';
  const [unit, name] =
    rate >= units.w ? ([units.w, 'week'] as const) : rate >= 1000 ? ([units.d, 'day'] as const) : ([units.h, 'hour'] as const);
  return `one ${name} passes every ${realWords(unit / rate)}`;
}

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

function realWords(seconds: number): string {
  const [amount, unit] = inUnits(seconds);
  const rounded = Math.round(amount * 10) / 10;
  return rounded === 1 ? unit : `${small[rounded] ?? rounded} ${unit}s`;
}

function inUnits(seconds: number): [number, string] {
  if (seconds < 1) return [seconds * 1000, 'millisecond'];
  if (seconds < 60) return [seconds, 'second'];
  return seconds < 3600 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
}
