import { isSupportedCountry } from 'libphonenumber-js';

const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'tr', 'zh', 'zh-Hant', 'ja', 'ko', 'sv', 'cs', 'ar'];
const more: Record<string, string> = {
  usa: 'US',
  us: 'US',
  'u s a': 'US',
  'united states of america': 'US',
  america: 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  uae: 'AE',
  prc: 'CN',
  'mainland china': 'CN',
  中国大陆: 'CN',
  'south korea': 'KR',
  korea: 'KR',
  holland: 'NL',
  'czech republic': 'CZ',
  turkey: 'TR',
  deu: 'DE',
  fra: 'FR',
  esp: 'ES',
  ita: 'IT',
  gbr: 'GB',
  chn: 'CN',
  jpn: 'JP',
  che: 'CH',
  aut: 'AT',
};

let names: Map<string, string> | undefined;

/** A country's ISO 3166-1 alpha-2 code from its code or its name in one of many languages; null when it is none. */
export function countryCode(raw: string | null | undefined): string | null {
  const text = raw?.normalize('NFKC').trim() ?? '';
  if (/^[A-Za-z]{2}$/.test(text)) {
    const code = text.toUpperCase();
    return code === 'UK' ? 'GB' : isSupportedCountry(code) ? code : null;
  }
  names ??= known();
  return names.get(fold(text)) ?? null;
}

/** The country that an address or site names by its last label (`.co.za` → ZA); null for those sold to anybody. */
export function countryOfDomain(domain: string | null | undefined): string | null {
  const last = /\.([a-z]{2})$/i.exec(domain ?? '')?.[1]?.toUpperCase();
  return last && !['IO', 'CO', 'AI', 'ME', 'TV', 'CC', 'LY', 'TO', 'FM', 'GG', 'SH', 'EU', 'WS'].includes(last) ? countryCode(last) : null;
}

function known(): Map<string, string> {
  const all = new Map(Object.entries(more));
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => isSupportedCountry(code));
  for (const language of languages) {
    const show = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes) {
      const name = show.of(code);
      if (name && !all.has(fold(name))) all.set(fold(name), code);
    }
  }
  return all;
}

function fold(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim();
}
