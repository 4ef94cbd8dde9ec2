import type { LeadField } from '../forms/form.ts';
import { normaliseEmail } from '../identity/email.ts';
import { normaliseLabel } from './synonyms.ts';
import type { Answer } from './types.ts';

/** Families' names so common in China that two or three characters which begin with one are taken for a person. */
const hanSurnames = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇魏呂盧鍾譚陸賈韋鄒龍顧',
);

/**
 * What unnamed answers seem to be, for senders that number their fields or name them in a language we do not know: the only
 * address, a number written internationally, and, where the field has no name at all, the first value that looks like a person.
 */
export function guessByShape(answers: readonly Answer[], known: ReadonlySet<LeadField>): { field: LeadField; answer: Answer }[] {
  const guesses: { field: LeadField; answer: Answer }[] = [];
  const guess = (field: LeadField, found: readonly Answer[]): void => {
    const [answer] = found;
    if (answer && !known.has(field) && !guesses.some((one) => one.answer === answer)) guesses.push({ field, answer });
  };
  const addresses = answers.filter(({ value }) => typeof value === 'string' && !/\s/.test(value.trim()) && normaliseEmail(value));
  if (new Set(addresses.map(({ value }) => normaliseEmail(value))).size === 1) guess('email', addresses);
  const nameless = answers.filter(isNameless);
  guess(
    'phone',
    nameless.filter(({ value }) => looksLikePhone(value)),
  );
  if (!known.has('firstName') && !known.has('lastName'))
    guess(
      'name',
      nameless.filter(({ value }) => looksLikePerson(value)),
    );
  return guesses;
}

function isNameless({ label, key }: Answer): boolean {
  const name = normaliseLabel(label) || normaliseLabel(key);
  return /^(?:[a-z]+ )*(?:field|input|question|answer|q|item|column|col)?[ ]?\d+(?: \d+)*$/.test(name);
}

function looksLikePhone(value: Answer['value']): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  return /^\+\d[\d\s().-]{7,20}$/.test(String(value)) || /^0[\d\s()./-]{7,16}$/.test(String(value)) || /^1[3-9]\d{9}$/.test(String(value));
}

function looksLikePerson(value: Answer['value']): boolean {
  if (typeof value !== 'string' || value.length > 60) return false;
  if (/^\p{Script=Han}{2,4}$/u.test(value)) return hanSurnames.has(value[0]!);
  return /^\p{Lu}[\p{L}'’.-]*(?: (?:\p{Lu}[\p{L}'’.-]*|de|da|van|von|der|den|di|le|la|el|bin|al)){1,4}$/u.test(value);
}
