import { monthOf, MONTHS, weekdayOf, WEEKDAYS } from './months.ts';

/**
 * When somebody is back, as their absence note says: `2026-08-03`, or null where it names no date we are sure of. A date without a year is
 * the next one after the mail's own. What stands after “back” or “return” comes first, then the end of what they are away for, then the latest.
 */
export function returnDate(text: string, sentAt: Date): string | null {
  const folded = fold(text.slice(0, LOOKED_AT));
  const dates = [...byName(folded), ...byNumber(folded)].flatMap((found): Found[] => {
    const at = resolve(found, sentAt);
    return at === null ? [] : [{ at, rank: rankOf(folded, found.index, found.end) }];
  });
  const best = dates.toSorted((a, b) => b.rank - a.rank || b.at - a.at)[0];
  const at = best && best.rank > RANK_START ? best.at : byWeekday(folded, sentAt);
  return at === null ? null : new Date(at).toISOString().slice(0, 10);
}

const LOOKED_AT = 3_000;
const DAY = 86_400_000;
/** An absence of more than a year is a misreading. */
const FURTHEST = 366 * DAY;

interface Found {
  at: number;
  rank: number;
}

interface Written {
  index: number;
  end: number;
  day: number;
  month: number;
  year: number | null;
}

/** Small letters without marks: `août` → `aout`. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ł', 'l').replaceAll(/\s+/g, ' ');
}

const YEAR = String.raw`(?:,? ?(?:de |del |of )?(20\d\d)\b)?`;
const DAY_MONTH = new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)? ?(?:of |de |d')?(${MONTHS})\b\.?${YEAR}`, 'g');
const MONTH_DAY = new RegExp(
  String.raw`\b(${MONTHS})\b\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: ?(?:-|–|to|until|through|and) ?(?:the )?(\d{1,2})(?:st|nd|rd|th)?)?(?!\d|[:.]\d)${YEAR}`,
  'g',
);

function byName(text: string): Written[] {
  const dayFirst = [...text.matchAll(DAY_MONTH)].map((m) => written(m, Number(m[1]), monthOf(m[2]!), m[3]));
  const monthFirst = [...text.matchAll(MONTH_DAY)].map((m) => written(m, Number(m[3] ?? m[2]), monthOf(m[1]!), m[4]));
  // `5 May 12`: the twelve is no second day.
  return [...dayFirst, ...monthFirst.filter((one) => !dayFirst.some((other) => other.index < one.index && one.index < other.end))];
}

function byNumber(text: string): Written[] {
  const iso = [...text.matchAll(/\b(20\d\d)-(\d\d)-(\d\d)\b/g)].map((m) => written(m, Number(m[3]), Number(m[2]), m[1]));
  const dotted = [...text.matchAll(/\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(20\d\d|\d\d)\b)?/g)].map((m) =>
    written(m, Number(m[1]), Number(m[2]), m[3]),
  );
  const han = [...text.matchAll(/(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})[日号號]/g)].map((m) => written(m, Number(m[3]), Number(m[2]), m[1]));
  const slashed = [...text.matchAll(/\b(\d{1,2})\/(\d{1,2})(?:\/(20\d\d|\d\d))?\b/g)].flatMap((m) => {
    const [a, b] = [Number(m[1]), Number(m[2])];
    // In English nobody knows whether 5/6 is in May; elsewhere the day comes first.
    if (a <= 12 && b <= 12 && a !== b && !DAY_FIRST.test(text)) return [];
    return [b > 12 ? written(m, b, a, m[3]) : written(m, a, b, m[3])];
  });
  return [...iso, ...dotted, ...han, ...slashed];
}

const DAY_FIRST = /\b(bis|jusqu|hasta|fino|tot|ate|wieder|retour|vuelv|rientr|terug|volto|regress?o|do dnia|wrac)/;

const written = (found: RegExpMatchArray, day: number, month: number, year: string | undefined): Written => ({
  index: found.index!,
  end: found.index! + found[0].length,
  day,
  month,
  year: year === undefined ? null : Number(year.length === 2 ? `20${year}` : year),
});

/** The instant a date begins, UTC; null where there is no such day, or none within reach. */
function resolve({ day, month, year }: Written, sentAt: Date): number | null {
  const earliest = Math.floor(sentAt.getTime() / DAY) * DAY - DAY;
  const first = year ?? sentAt.getUTCFullYear();
  for (const candidate of year === null ? [first, first + 1] : [first]) {
    const at = Date.UTC(candidate, month - 1, day);
    const real = new Date(at).getUTCMonth() === month - 1 && new Date(at).getUTCDate() === day;
    if (real && at >= earliest && at <= earliest + FURTHEST) return at;
  }
  return null;
}

const RANK_START = 0;
const BACK =
  /(return|back|reachable|available|wieder|zuruck|retour|rentre|disponible|regres|vuelv|volv|reincorpor|rientr|torner|disponibile|terug|wrac|powrot|powroc|wroc|volt|regress|返回|回来|回到|上班|恢复)[^.!?]{0,40}$/;
const BACK_AFTER = /^[^.!?。]{0,12}(返回|回来|回到|上班|恢复|wieder|zuruck|de retour)/;
const UNTIL =
  /(?:\b(?:until|till|til|thru|through|to|and|bis|einschlie(?:ss|ß)lich|jusqu|au|hasta|al|fino|tot|t\/m|met|do|ate|a)\b|至|到|-|–|~) ?[^\d.]{0,14}$/;
const START =
  /(?:\b(?:from|since|starting|between|vom|von|ab|seit|du|depuis|desde|del|partir|dal|van|vanaf|od|de|dated?|sent|am)\b|从|自) ?[^\d.]{0,5}$/;

function rankOf(text: string, index: number, end: number): number {
  const before = text.slice(Math.max(0, index - 60), index);
  if (BACK.test(before) || BACK_AFTER.test(text.slice(end, end + 24))) return 3;
  if (START.test(before)) return RANK_START;
  return UNTIL.test(before) ? 2 : 1;
}

const ON_WEEKDAY = new RegExp(
  String.raw`(?:return|back|until|till|wieder|zuruck|bis|retour|jusqu|regres|vuelv|hasta|rientr|fino|terug|tot|wrac|wroc|volto|ate)[^.!?]{0,24}\b(${WEEKDAYS})\b`,
);

/** “back on Monday”: the next one after the mail. */
function byWeekday(text: string, sentAt: Date): number | null {
  const [, named] = ON_WEEKDAY.exec(text) ?? [];
  if (!named) return null;
  const today = Math.floor(sentAt.getTime() / DAY) * DAY;
  const ahead = (weekdayOf(named) - new Date(today).getUTCDay() + 7) % 7 || 7;
  return today + ahead * DAY;
}
