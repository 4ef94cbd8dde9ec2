import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { isZone, wallAt } from './zoned.ts';

/** What is known of where somebody lives. */
export interface Whereabouts {
  timezone: string | null;
  phone: string | null;
  country: string | null;
}

/** Countries with several clocks, where all but a few live by one of them: the others are islands, exclaves, or a custom beside the law. */
const mainZones: Record<string, string> = {
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  NZ: 'Pacific/Auckland',
  PT: 'Europe/Lisbon',
  UA: 'Europe/Kiev',
};
/** Zones that agree at these are taken to tell the same time: a winter's day and a summer's. */
const SAMPLES = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)];

const zoneOfCountry = new Map<string, string | null>();

/** The zone a country lives by, also where it has several that tell the same time, as Germany has; null where its clocks differ or it is not known. */
function zoneOf(country: string): string | null {
  const known = zoneOfCountry.get(country);
  if (known !== undefined) return known;
  const [first, ...others] = zonesOf(country);
  const alike = first !== undefined && others.every((other) => SAMPLES.every((at) => wallAt(at, other) === wallAt(at, first)));
  const zone = mainZones[country] ?? (alike ? first : null);
  zoneOfCountry.set(country, zone);
  return zone;
}

function zonesOf(country: string): string[] {
  try {
    const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { timeZones?: string[]; getTimeZones?(): string[] };
    return locale.getTimeZones?.() ?? locale.timeZones ?? [];
  } catch {
    return [];
  }
}

/** The zone a lead lives in: the one that is known, else that of the phone's country, else of the country, else the workspace's. */
export function leadZone({ timezone, phone, country }: Whereabouts, workspaceZone: string): string {
  if (timezone && isZone(timezone)) return timezone;
  const byPhone = phone ? parsePhoneNumberFromString(phone)?.country : undefined;
  return (byPhone ? zoneOf(byPhone) : null) ?? (country ? zoneOf(country) : null) ?? workspaceZone;
}

/** The country somebody lives in, as far as it is known: the one that is written down, else that of the phone. */
export function leadCountry({ country, phone }: Pick<Whereabouts, 'country' | 'phone'>): string | null {
  return country ?? (phone ? (parsePhoneNumberFromString(phone)?.country ?? null) : null);
}
