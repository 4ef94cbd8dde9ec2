/** A code as it is compared: capitals, without spaces and hyphens, without the country that some write before it (`D-80331`). */
export function plainPostcode(given: string): string {
  return given
    .normalize('NFKC')
    .trim()
    .toUpperCase()
    .replace(/^[A-Z]{1,3}[-–]\s*(?=\d)/, '')
    .replaceAll(/[\s–-]/g, '');
}

/** `80-86` → 80 and 86; `SW1` → both SW1; null for what is neither. */
export function postcodeRange(given: string): { from: string; to: string } | null {
  const ends = given
    .trim()
    .split(/\s*[-–]\s*/)
    .map(plainPostcode);
  const [from, to = from] = ends;
  if (ends.length > 2 || !from || !to || !/^[A-Z0-9]{1,12}$/.test(from) || !/^[A-Z0-9]{1,12}$/.test(to)) return null;
  return from.length === to.length && from <= to ? { from, to } : null;
}

export const isPostcodeRange = (given: string): boolean => postcodeRange(given) !== null;

/** Whether a code begins with something between both ends: `80-86` holds of 80331 and of 86199. */
export function inPostcodes(code: string, { from, to }: { from: string; to: string }): boolean {
  const head = plainPostcode(code).slice(0, from.length);
  return head.length === from.length && from <= head && head <= to;
}
