/** A value of the journal in a sentence: instants as dates, nothing as a dash. */
export function value(given: unknown): string {
  if (given === null || given === undefined || given === '') return '–';
  if (typeof given === 'string') return /^\d{4}-\d\d-\d\dT/.test(given) ? moment(given) : given;
  if (typeof given === 'number') return String(Math.round(given * 100) / 100);
  if (typeof given === 'boolean') return given ? 'yes' : 'no';
  if (Array.isArray(given)) return given.map(value).join(', ');
  return JSON.stringify(given);
}

/** `2026-03-04T09:30:00.000Z` → `4 March 2026, 09:30 UTC`. */
export function moment(given: string): string {
  const at = new Date(given);
  if (Number.isNaN(at.getTime())) return given;
  const [date, time] = [
    at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
    at.toISOString().slice(11, 16),
  ];
  return `${date}, ${time} UTC`;
}

/** What a table says of a key, own entries only: keys come from the journal. */
export function known<T>(table: Record<string, T>, key: unknown): T | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
