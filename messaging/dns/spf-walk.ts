import { BlockList, isIPv6 } from 'node:net';
import { isSpf, readSpf, type SpfRecord, type SpfTerm } from '../../domain/deliverability/dns/spf.ts';
import type { Dns } from './resolver.ts';

/** Where a domain's SPF record leads, everything it includes looked up. */
export interface SpfWalk {
  /** SPF records of the domain itself; there must be one. */
  records: string[];
  /** How many questions a receiver must ask (RFC 7208 §4.6.4: ten at most), and how many of them find nothing (two at most). */
  lookups: number;
  voids: number;
  /** Every domain that is included or redirected to, at any depth. */
  includes: string[];
  faults: string[];
  /** What happens to mail from anywhere else; null: nothing is said, which is neutral. */
  rest: SpfTerm['qualifier'] | null;
  /** Whether mail may come from this address. */
  allows(address: string): boolean;
}

const MOST_LOOKUPS = 10;
/** Further than any receiver goes: a record that asks for more is wrong already. */
const STOP_AT = 40;

/** Walks a domain's SPF record. Throws `DnsTrouble` where a name server does not answer. */
export async function walkSpf(dns: Dns, domain: string): Promise<SpfWalk> {
  const allowed = new BlockList();
  const walk = { lookups: 0, voids: 0, includes: [] as string[], faults: [] as string[] };
  const records = (await dns.txt(domain)).filter(isSpf);
  let rest: SpfWalk['rest'] = null;
  if (records.length === 1) rest = await follow(readSpf(records[0]!), domain, [domain]);

  async function follow({ terms, faults }: SpfRecord, at: string, path: readonly string[]): Promise<SpfTerm['qualifier'] | null> {
    walk.faults.push(...faults.map((one) => (path.length === 1 ? one : `${one} (in ${at})`)));
    for (const term of terms) {
      if (term.kind === 'all') return term.qualifier;
      if (term.kind !== 'redirect') await look(term, at, path);
    }
    const redirect = terms.find((term) => term.kind === 'redirect');
    return redirect ? include(redirect.value, path) : null;
  }

  async function look(term: SpfTerm, at: string, path: readonly string[]): Promise<void> {
    const name = term.value || at;
    if (term.kind === 'ip4' || term.kind === 'ip6') return allow(term.value, term.prefix);
    if (term.kind === 'include') return void (await include(name, path));
    walk.lookups++;
    // Macros say something else for every mail: nothing to look up beforehand.
    if (walk.lookups > STOP_AT || name.includes('%') || term.kind === 'ptr' || term.kind === 'exists') return;
    const hosts = term.kind === 'mx' ? await dns.mx(name) : [name];
    const addresses = (await Promise.all(hosts.slice(0, 10).map((host) => dns.addresses(host)))).flat();
    if (addresses.length === 0) walk.voids++;
    else if (term.qualifier === '+') for (const address of addresses) allow(address, isIPv6(address) ? null : term.prefix);
  }

  async function include(name: string, path: readonly string[]): Promise<SpfTerm['qualifier'] | null> {
    walk.lookups++;
    walk.includes.push(name);
    if (name.includes('%') || walk.lookups > STOP_AT) return null;
    if (path.includes(name)) {
      walk.faults.push(`include:${name} leads in a circle`);
      return null;
    }
    const found = (await dns.txt(name)).filter(isSpf);
    if (found.length === 1) return follow(readSpf(found[0]!), name, [...path, name]);
    if (found.length === 0) walk.voids++;
    walk.faults.push(`include:${name} has ${found.length === 0 ? 'no SPF record' : 'several SPF records'}`);
    return null;
  }

  function allow(address: string, prefix: number | null): void {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      allowed.addSubnet(address, prefix ?? (family === 'ipv6' ? 128 : 32), family);
    } catch {
      walk.faults.push(`${address} is no network`);
    }
  }

  return { ...walk, records, rest, allows: (address) => allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') };
}

/** Whether a receiver would give up before it came to an end. */
export const tooManyLookups = ({ lookups }: Pick<SpfWalk, 'lookups'>): boolean => lookups > MOST_LOOKUPS;
