/** One term of an SPF record (RFC 7208), e.g. `~all`, `include:sendgrid.net`, `ip4:192.0.2.0/24`. */
export interface SpfTerm {
  qualifier: '+' | '-' | '~' | '?';
  kind: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists' | 'redirect';
  /** Domain or network; '' where the term names none. */
  value: string;
  /** Prefix length, where one is given: `a:firm.example/24`, `ip4:192.0.2.0/24`. */
  prefix: number | null;
}

export interface SpfRecord {
  terms: SpfTerm[];
  /** Terms that nobody can read: receivers give up on the whole record. */
  faults: string[];
}

const TERM = /^([+\-~?])?(all|include|a|mx|ptr|ip4|ip6|exists)(?:[:]([^\s/][^\s]*?|))?(?:\/(\d{1,3}))?(?:\/\/\d{1,3})?$/i;
const MODIFIER = /^([a-z][\w.-]*)=(\S*)$/i;
const NEEDS_VALUE = new Set(['include', 'ip4', 'ip6', 'exists']);

/** Whether a TXT record is an SPF record. */
export const isSpf = (record: string): boolean => /^v=spf1(?: |$)/i.test(record);

/** Reads an SPF record; modifiers that nobody knows are passed over, as the standard says. */
export function readSpf(record: string): SpfRecord {
  const terms: SpfTerm[] = [];
  const faults: string[] = [];
  for (const word of record.trim().split(/ +/).slice(1)) {
    const modifier = MODIFIER.exec(word);
    if (modifier) {
      if (modifier[1]!.toLowerCase() === 'redirect')
        terms.push({ qualifier: '+', kind: 'redirect', value: modifier[2]!.toLowerCase(), prefix: null });
      continue;
    }
    const found = TERM.exec(word);
    const kind = found?.[2]?.toLowerCase() as SpfTerm['kind'] | undefined;
    const value = found?.[3] ?? '';
    if (!found || !kind || (NEEDS_VALUE.has(kind) && value === '') || (kind === 'all' && value !== '') || !sound(kind, value, found[4]))
      faults.push(word);
    else
      terms.push({
        qualifier: (found[1] ?? '+') as SpfTerm['qualifier'],
        kind,
        value: value.toLowerCase(),
        prefix: found[4] === undefined ? null : Number(found[4]),
      });
  }
  return { terms, faults };
}

function sound(kind: SpfTerm['kind'], value: string, prefix: string | undefined): boolean {
  if (kind === 'ip4')
    return /^\d{1,3}(\.\d{1,3}){3}$/.test(value) && value.split('.').every((part) => Number(part) < 256) && Number(prefix ?? 32) <= 32;
  if (kind === 'ip6') return /^[\da-f:.]+$/i.test(value) && value.includes(':') && Number(prefix ?? 128) <= 128;
  return true;
}
