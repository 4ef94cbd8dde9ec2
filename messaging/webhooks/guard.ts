import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Why an address is not called. */
export class RefusedAddress extends Error {
  readonly code = 'REFUSED_ADDRESS';
}

/** What no public service has: this host, this network, the cloud's metadata, documentation, multicast, the future. */
const closed = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed.addSubnet(net, prefix, 'ipv6');
/** Of IPv6 only this is public at all; an IPv4 address inside one is looked at as such. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Hosts and networks that may be called though they are not public, as WEBHOOK_ALLOW writes them: `crm.internal, 10.1.0.0/16, 127.0.0.1`. */
export interface Allowed {
  host(name: string): boolean;
  address(ip: string): boolean;
}

/** Reads WEBHOOK_ALLOW. Throws, naming the entry, where one is neither a host, an address nor a network. */
export function parseAllowed(written: string): Allowed {
  const hosts = new Set<string>();
  const networks = new BlockList();
  for (const entry of written.split(',').map((one) => one.trim().toLowerCase())) {
    if (entry === '') continue;
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) !== 0) networks.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
    else if (prefix === undefined && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(entry)) hosts.add(entry);
    else throw new Error(`WEBHOOK_ALLOW: '${entry}' is neither a host, an address nor a network such as 10.1.0.0/16`);
  }
  return { host: (name) => hosts.has(name.toLowerCase()), address: (ip) => networks.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4') };
}

/** Whether an address is one that anybody may call. */
export function isPublic(ip: string): boolean {
  const family = isIP(ip);
  if (family === 0) return false;
  if (family === 4) return !closed.check(ip, 'ipv4');
  // BlockList looks at an IPv4 address inside an IPv6 one by the rules for IPv4.
  if (mapped.check(ip, 'ipv6')) return !closed.check(ip, 'ipv6');
  return globalUnicast.check(ip, 'ipv6') && !closed.check(ip, 'ipv6');
}

/** Throws `RefusedAddress` for a URL whose host is an address that is not public; names are looked at when they are resolved. */
export function checkUrl(url: URL, allowed: Allowed, { httpsOnly }: { httpsOnly: boolean }): void {
  if (url.protocol !== 'https:' && (httpsOnly || url.protocol !== 'http:')) throw new RefusedAddress('only https is allowed here');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayCall(host, allowed)) throw new RefusedAddress('the address is private or reserved');
}

/**
 * Resolves a name for the very connection that is made, so that nobody can answer otherwise a second time. Where one of its addresses is
 * private, none is called.
 */
export function guardedLookup(allowed: Allowed): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const open = allowed.host(hostname) || addresses.every(({ address }) => mayCall(address, allowed));
      const [first] = addresses;
      if (!open || !first) return done(new RefusedAddress('the address is private or reserved'), '', 0);
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}

const mayCall = (ip: string, allowed: Allowed): boolean => isPublic(ip) || allowed.address(ip);
