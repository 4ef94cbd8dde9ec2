const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** `DE` → `GERMANY`: the last line of a letter that goes abroad, in the capitals that post offices ask for. */
export function countryName(code: string): string {
  return (/^[A-Za-z]{2}$/.test(code) ? (names.of(code.toUpperCase()) ?? code) : code).toUpperCase();
}
