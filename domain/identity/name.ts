import { storable } from '../storable.ts';

/** A person's name in parts. `name` is the whole of it, as it was written. */
export interface PersonName {
  firstName: string | null;
  lastName: string | null;
  name: string | null;
}

const honorifics =
  /^(?:(?:mr|mrs|ms|mx|miss|sir|dr|prof|professor|herr|frau|hr|fr|dipl|ing|mag|monsieur|madame|mme|mlle|señor|señora|sr|sra|sig|sig\.?ra|dhr|mevr|pan|pani|bay|bayan)\.?\s+)+/iu;
const asianHonorifics = /\s*(?:先生|女士|小姐|老师|总|經理|经理|様|さま|さん|殿|씨|님)$/u;
const particles = new Set(
  'af al am auf av aus ben bin bint da das de degli dei del della den der des di do dos du e el ibn la las le les lo los mac mc o san santa st st. te ten ter van vom von vander y zu zum zur'.split(
    ' ',
  ),
);
const doubleSurnames = new Set(
  '欧阳 歐陽 太史 端木 上官 司马 司馬 东方 東方 独孤 獨孤 南宫 南宮 万俟 闻人 夏侯 诸葛 諸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 公孫 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 令狐 남궁 황보 제갈 사공 선우 서문 독고 동방'.split(
    ' ',
  ),
);

/**
 * Splits a full name: `Ursula K. Le Guin` is Ursula, Le Guin; `Le Guin, Ursula` the same; 王小明, 山田 太郎 and 홍길동 begin with the
 * family's name, as does a name whose one part is in capitals (`CHEN Wei`). Where it cannot be told, the parts are null and
 * the whole is kept.
 */
export function splitName(full: string | null | undefined, locale: string | null = null): PersonName {
  const name = clean(full);
  if (!name) return { firstName: null, lastName: null, name: null };
  const bare = name.replace(honorifics, '').replace(asianHonorifics, '').trim() || name;
  if (/^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー々〆 ]+$/u.test(bare))
    return { ...eastern(bare, locale), name };
  const comma = /^([^,]+),\s*([^,]+)$/.exec(bare);
  if (comma && !/^(?:jr|sr|ii|iii|iv|phd|md|mba|esq)\.?$/i.test(comma[2]!)) {
    return { firstName: comma[2]!.split(' ')[0]!, lastName: comma[1]!.trim(), name: `${comma[2]} ${comma[1]}`.trim() };
  }
  return { ...western(bare.replace(/,.*$/, '')), name };
}

/** The whole from the parts, in the order of their script; null unless both are known. */
export function joinName(firstName: string | null, lastName: string | null): string | null {
  const [first, last] = [clean(firstName), clean(lastName)];
  if (!first || !last) return null;
  return /^[\p{Script=Han}\p{Script=Hangul}]+$/u.test(first + last) ? `${last}${first}` : `${first} ${last}`;
}

function clean(text: string | null | undefined): string | null {
  const plain = (text ?? '')
    .normalize('NFC')
    .replaceAll(/[\p{C}<>]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return storable(plain, 200) || null;
}

function eastern(name: string, locale: string | null): Omit<PersonName, 'name'> {
  const spaced = name.split(' ');
  if (spaced.length === 2) return { lastName: spaced[0]!, firstName: spaced[1]! };
  const letters = [...name];
  if (spaced.length > 2 || letters.length < 2 || letters.length > 5) return { firstName: null, lastName: null };
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}々]/u.test(name) || locale?.toLowerCase().startsWith('ja');
  const double = doubleSurnames.has(letters.slice(0, 2).join('')) && letters.length > 2;
  if (japanese && letters.length !== 4) return { firstName: null, lastName: null };
  if (!japanese && !double && letters.length > 3) return { firstName: null, lastName: null };
  const cut = japanese || double ? 2 : 1;
  return { lastName: letters.slice(0, cut).join(''), firstName: letters.slice(cut).join('') };
}

function western(name: string): Omit<PersonName, 'name'> {
  const words = name.split(' ').filter((word) => !/^(?:jr|sr|ii|iii|iv|phd|md|mba)\.?$/i.test(word));
  if (words.length < 2) return { firstName: words[0] ?? null, lastName: null };
  const capitals = words.filter((word) => /^\p{Lu}[\p{Lu}'’-]+$/u.test(word));
  if (capitals.length === 1 && words.length <= 3 && words.some((word) => /\p{Ll}/u.test(word))) {
    return { lastName: capitals[0]!, firstName: words.find((word) => word !== capitals[0])! };
  }
  let last = words.length - 1;
  while (last > 1 && particles.has(words[last - 1]!.toLowerCase())) last--;
  return { firstName: words[0]!, lastName: words.slice(last).join(' ') };
}
