import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js';

/**
 * A telephone number in E.164 (`+4930123456`), or null. A national number is read by the first of `countries` (ISO 3166-1
 * alpha-2) in which it is valid. Numbers that came as JSON numbers have lost their `+` or leading zero: both are tried.
 * What is written internationally only has to be possible, for numbering plans grow faster than our tables.
 */
export function normalisePhone(raw: unknown, countries: readonly string[] = []): string | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null;
  const text = String(raw).normalize('NFKC').trim();
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < 5 || text.length > 60 || /[eE]\+?\d+$/.test(text)) return null;
  if (/^(tel:|callto:)?\s*(\+|00)/.test(text)) return international(text.replace(/^(tel:|callto:)/, '').trim());

  const zones: CountryCode[] = countries.map((country) => country.toUpperCase()).filter((country) => isSupportedCountry(country));
  for (const zone of zones) {
    const found = valid(text, zone) ?? (typeof raw === 'number' ? valid(`0${text}`, zone) : null);
    if (found) return found.number;
  }
  if (digits.length < 8) return null;
  const bare = parsePhoneNumberFromString(`+${digits}`);
  if (bare?.isValid()) return bare.number;
  return typeof raw === 'number' && digits.length >= 11 && bare?.isPossible() ? bare.number : null;
}

function valid(text: string, zone: CountryCode): PhoneNumber | null {
  const found = parsePhoneNumberFromString(text, { defaultCountry: zone, extract: false });
  return found?.isValid() ? found : null;
}

function international(text: string): string | null {
  const found = parsePhoneNumberFromString(text.replace(/^00/, '+').replace(/\(0\)/, ''), { extract: false });
  return found?.isPossible() ? found.number : null;
}
