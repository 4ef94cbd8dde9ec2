import { parse } from 'tldts';
import { isDmarc, judgeDmarc } from '../../domain/deliverability/dns/dmarc.ts';
import { judgeDkim } from '../../domain/deliverability/dns/dkim.ts';
import { findingsOf, type MailFinding } from '../../domain/deliverability/dns/finding.ts';
import type { Dns } from './resolver.ts';

/** What the checks know of how we send. */
export interface Sending {
  /** Who carries marketing and transactional mail. */
  carriers: ReadonlySet<'sendgrid' | 'smtp' | 'capture'>;
  /** The SMTP relay, where one is used. */
  relay: URL | null;
  /** Start of our links. */
  publicUrl: string;
  /** Where answers and bounces come back to. */
  inboundDomain: string | null;
}

/** The domain that somebody registered, of this one: `firm.example` of `news.firm.example`. */
export const registrable = (domain: string): string => parse(domain).domain ?? domain;

const dkim = findingsOf('dkim');
/** SendGrid's own two, then names that many systems use. */
const USUAL_SELECTORS = ['s1', 's2', 'default', 'mail', 'dkim', 'selector1', 'selector2', 'google', 'k1', 'k2'];

/** The keys that mails of the domain are signed with: those of the selectors named, or what is found under the usual ones. */
export async function checkDkim(dns: Dns, domain: string, named: readonly string[], { carriers }: Sending): Promise<MailFinding[]> {
  const selectors = named.length > 0 ? named : carriers.has('sendgrid') ? ['s1', 's2'] : USUAL_SELECTORS;
  const asked = await Promise.all(selectors.map((selector) => keyOf(dns, `${selector}._domainkey.${domain}`)));
  const found = asked.filter((one) => one.records.length > 0);
  if (found.length === 0) {
    return [
      dkim.error(
        `no key under ${selectors.map((one) => `${one}._domainkey`).join(', ')}`,
        carriers.has('sendgrid')
          ? 'authenticate the domain in SendGrid (Settings, Sender Authentication) and publish its CNAME records'
          : 'publish the key that your relay signs with; name its selector in deliverability.yaml (domains, dkim)',
      ),
    ];
  }
  const missing = named.length > 0 ? asked.filter((one) => one.records.length === 0) : [];
  return [
    ...missing.map(({ name }) => dkim.error(`${name} has no key`, 'publish it, or take the selector out of deliverability.yaml')),
    ...found.flatMap(({ name, records }) =>
      records.length > 1 ? [dkim.error(`${name} has ${records.length} records`, 'leave one')] : judgeDkim(records[0]!, name),
    ),
  ];
}

async function keyOf(dns: Dns, name: string): Promise<{ name: string; records: string[] }> {
  return { name, records: (await dns.txt(name)).filter((record) => /(^|;)\s*p\s*=/.test(record)) };
}

const dmarc = findingsOf('dmarc');

/** The domain's DMARC policy, or that of the domain above; and whether what we send agrees with it. */
export async function checkDmarc(dns: Dns, domain: string, { inboundDomain }: Sending): Promise<MailFinding[]> {
  const above = registrable(domain);
  const names = [...new Set([domain, above])].map((one) => `_dmarc.${one}`);
  for (const [n, name] of names.entries()) {
    const records = (await dns.txt(name)).filter(isDmarc);
    if (records.length > 1) return [dmarc.error(`${name} has ${records.length} policies, so there is none`, 'leave one')];
    if (records.length === 1) return [...judgeDmarc(records[0]!, name, n > 0), ...aligned(above, inboundDomain)];
  }
  return [
    dmarc.error(
      `no policy under ${names.join(' or ')}`,
      `publish TXT _dmarc.${above} "v=DMARC1; p=none; rua=mailto:dmarc@${above}": Gmail and Yahoo take bulk mail only with one`,
    ),
  ];
}

function aligned(above: string, inboundDomain: string | null): MailFinding[] {
  if (inboundDomain === null || registrable(inboundDomain) === above) return [];
  return [dmarc.info(`bounces come back to ${inboundDomain}, another domain: SPF does not count for DMARC, the DKIM key alone does`)];
}

const mx = findingsOf('mx');
const inbound = findingsOf('inbound');

/** Whether the domain takes mail: a sender that cannot be answered is suspicious. And whether ours for answers and bounces does. */
export async function checkMailHosts(dns: Dns, domain: string, { inboundDomain, carriers }: Sending): Promise<MailFinding[]> {
  return [await answerable(dns, domain), ...(inboundDomain === null ? [] : [await comesBack(dns, inboundDomain, carriers)])];
}

async function answerable(dns: Dns, domain: string): Promise<MailFinding> {
  const hosts = await dns.mx(domain);
  if (hosts.some((host) => host === '' || host === '.'))
    return mx.error(`${domain} says that it takes no mail (null MX)`, 'senders there must be answerable: give it mail hosts');
  if (hosts.length > 0) return mx.ok(`mail to ${domain} goes to ${hosts.slice(0, 3).join(', ')}`);
  return (await dns.addresses(domain)).length > 0
    ? mx.warn(`${domain} has no MX record`, 'give it one: many receivers refuse senders that cannot be answered')
    : mx.error(`${domain} has neither mail hosts nor an address`, 'give it an MX record: receivers refuse senders that do not exist');
}

async function comesBack(dns: Dns, domain: string, carriers: Sending['carriers']): Promise<MailFinding> {
  const hosts = await dns.mx(domain);
  if (hosts.length === 0)
    return inbound.error(
      `${domain}, where answers and bounces come back, has no MX record`,
      'for SendGrid: MX 10 mx.sendgrid.net; for a mailbox: its mail host',
    );
  const sendgrid = hosts.some((host) => host.endsWith('sendgrid.net'));
  if (carriers.has('sendgrid') && !sendgrid)
    return inbound.info(
      `${domain} goes to ${hosts[0]}, not to SendGrid`,
      'right where a mailbox is polled; for Inbound Parse: MX 10 mx.sendgrid.net',
    );
  return inbound.ok(`answers and bounces come back to ${domain} by ${hosts[0]}`);
}

const links = findingsOf('links');

/** The host of our links: it must be there, by TLS, and better under the sender's own domain. */
export async function checkLinks(dns: Dns, domain: string, { publicUrl }: Sending): Promise<MailFinding[]> {
  const { hostname, protocol } = new URL(publicUrl);
  if (/^(localhost|.*\.localhost|127\..*|\[::1\]|[^.]+)$/.test(hostname))
    return [links.error(`links lead to ${hostname}, which nobody outside can open`, 'set PUBLIC_URL')];
  const there = await dns.addresses(hostname);
  const cname = await dns.cname(hostname);
  return [
    there.length === 0
      ? links.error(`${hostname}, where our links lead, has no address`, 'publish a CNAME or an address for it')
      : links.ok(`links lead to ${hostname}${cname ? ` (${cname})` : ''}`),
    ...(protocol === 'https:' ? [] : [links.warn(`links are http, not https`, 'put TLS in front, and set PUBLIC_URL to https://…')]),
    ...(registrable(hostname) === registrable(domain)
      ? []
      : [
          links.warn(
            `links lead to another domain than the sender's`,
            `serve them under ${registrable(domain)}, for instance links.${registrable(domain)}: filters look for a difference`,
          ),
        ]),
  ];
}
