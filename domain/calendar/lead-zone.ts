import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { isZone } from './zoned.ts';

/** What is known of where somebody lives. */
export interface Whereabouts {
  timezone: string | null;
  phone: string | null;
  country: string | null;
}

const zoneOfCountry = new Map<string, string | null>();

/** The zone of a country that has only one; null where there are several or the country is not known. */
function onlyZone(country: string): string | null {
  const known = zoneOfCountry.get(country);
  if (known !== undefined) return known;
  const zones = zonesOf(country);
  const zone = zones.length === 1 ? zones[0]! : null;
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
  return (byPhone ? onlyZone(byPhone) : null) ?? (country ? onlyZone(country) : null) ?? workspaceZone;
}

/** The country somebody lives in, as far as it is known: the one that is written down, else that of the phone. */
export function leadCountry({ country, phone }: Pick<Whereabouts, 'country' | 'phone'>): string | null {
  return country ?? (phone ? (parsePhoneNumberFromString(phone)?.country ?? null) : null);
}
