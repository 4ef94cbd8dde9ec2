import { generateKeyPairSync } from 'node:crypto';
import { onTestFinished, expect, test } from 'vitest';
import { checkDomain } from '../../../../messaging/dns/check-domain.ts';
import type { Sending } from '../../../../messaging/dns/checks.ts';
import { checkOwnKey } from '../../../../messaging/dns/own-key.ts';
import { createDns } from '../../../../messaging/dns/resolver.ts';
import { startDns, type ZoneRecords } from '../../../support/dns.ts';

const rsa = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const key2048 = `v=DKIM1; k=rsa; p=${rsa(2048)}`;

const bySmtp: Sending = {
  carriers: new Set(['smtp']),
  relay: new URL('smtps://relay.firm.example'),
  publicUrl: 'https://links.firm.example',
  inboundDomain: 'in.firm.example',
};
const bySendgrid: Sending = { ...bySmtp, carriers: new Set(['sendgrid']), relay: null };

/** A zone in which everything is well. */
const well: Record<string, ZoneRecords> = {
  'firm.example': {
    TXT: ['verify=1', 'v=spf1 a:relay.firm.example include:sendgrid.net -all'],
    MX: ['20 b.firm.example', '10 a.firm.example'],
  },
  'relay.firm.example': { A: ['192.0.2.10'] },
  'links.firm.example': { CNAME: 'host.example' },
  'host.example': { A: ['192.0.2.11'] },
  'in.firm.example': { MX: ['10 mx.sendgrid.net'] },
  'sendgrid.net': { TXT: ['v=spf1 ip4:198.51.100.0/24 ~all'] },
  's1._domainkey.firm.example': { TXT: [key2048] },
  '_dmarc.firm.example': { TXT: ['v=DMARC1; p=quarantine; rua=mailto:dmarc@firm.example'] },
};

async function checked(
  change: Record<string, ZoneRecords> = {},
  sending = bySmtp,
  selectors: string[] = [],
  domain = 'firm.example',
): Promise<string[]> {
  const { server, close } = await startDns({ ...well, ...change });
  onTestFinished(close);
  const findings = await checkDomain(createDns({ servers: server, timeoutMs: 100 }), domain, selectors, sending);
  return findings.map((one) => `${one.check} ${one.level}: ${one.text}`);
}
const wrong = (lines: string[]): string[] => lines.filter((line) => !/^\S+ (ok|info)/.test(line));

test('where everything is well, nothing is told but that', async () => {
  const lines = await checked();
  expect(wrong(lines)).toEqual([]);
  expect(lines).toContain('spf ok: one record, 2 of ten lookups');
  expect(lines).toContain('spf ok: it allows relay.firm.example');
  expect(lines).toContain('dkim ok: s1._domainkey.firm.example: an RSA key of 2048 bits');
  expect(lines).toContain('links ok: links lead to links.firm.example (host.example)');
  expect(lines).toContain('inbound ok: answers and bounces come back to in.firm.example by mx.sendgrid.net');
  expect(wrong(await checked({}, bySendgrid))).toEqual([]);
});

test('SPF: missing, doubled, unreadable, too deep, in a circle, open to all, without our relay', async () => {
  const spf = async (record: string | string[], more: Record<string, ZoneRecords> = {}) =>
    wrong(await checked({ 'firm.example': { ...well['firm.example'], TXT: [record].flat() }, ...more })).filter((line) =>
      line.startsWith('spf'),
    );
  expect(await spf('something else')).toEqual(['spf error: firm.example has no SPF record']);
  expect(await spf(['v=spf1 -all', 'v=spf1 ~all'])).toEqual(['spf error: firm.example has 2 SPF records, so none counts']);
  expect(await spf('v=spf1 a:relay.firm.example ip4:300.1.1.1 includ:x.example -all')).toEqual([
    'spf error: nobody can read: ip4:300.1.1.1',
    'spf error: nobody can read: includ:x.example',
  ]);
  expect(await spf('v=spf1 ip4:192.0.2.0/28 +all')).toEqual(['spf error: it allows the whole world (+all)']);
  expect(await spf('v=spf1 ip4:203.0.113.1 ~all')).toEqual(['spf warn: it does not allow relay.firm.example, our relay']);
  expect(await spf('v=spf1 a:relay.firm.example')).toEqual(['spf warn: it has no end']);
  expect(await spf('v=spf1 a:relay.firm.example redirect=other.example', { 'other.example': { TXT: ['v=spf1 ?all'] } })).toEqual([
    'spf warn: it says nothing of others (?all)',
  ]);
  expect(await spf('v=spf1 a:relay.firm.example include:firm.example -all')).toEqual([
    'spf error: nobody can read: include:firm.example leads in a circle',
  ]);
  const chain = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [`n${n}.example`, { TXT: [n < 11 ? `v=spf1 include:n${n + 1}.example ~all` : 'v=spf1 ~all'] }]),
  );
  expect(await spf('v=spf1 a:relay.firm.example include:n0.example -all', chain)).toEqual([
    'spf error: it asks for 13 lookups; receivers give up after ten',
  ]);
  expect(await spf('v=spf1 a:relay.firm.example a:x1.example a:x2.example a:x3.example -all')).toEqual([
    'spf error: 3 of its names do not exist; receivers give up after two',
  ]);
});

test('DKIM: missing, short, revoked, cut, doubled, only tried out', async () => {
  const dkim = async (TXT: string[], selectors = ['s1']) =>
    wrong(await checked({ 's1._domainkey.firm.example': { TXT } }, bySmtp, selectors)).filter((line) => line.startsWith('dkim'));
  const name = 's1._domainkey.firm.example';
  expect(await dkim([])).toEqual(['dkim error: no key under s1._domainkey']);
  expect(await dkim([key2048], ['s1', 'other'])).toEqual(['dkim error: other._domainkey.firm.example has no key']);
  expect(await dkim([`v=DKIM1; p=${rsa(1024)}`])).toEqual([`dkim warn: ${name}: an RSA key of 1024 bits`]);
  expect(await dkim(['v=DKIM1; p='])).toEqual([`dkim error: ${name} has been revoked (p= is empty)`]);
  expect(await dkim([key2048.slice(0, 200)])).toEqual([`dkim error: ${name} holds no RSA key that can be read`]);
  expect(await dkim([key2048, key2048.replace('k=', 'k =')])).toEqual([`dkim error: ${name} has 2 records`]);
  expect(await dkim([key2048.replace('k=rsa', 't=y')])).toEqual([
    `dkim warn: ${name} says that it is being tried out (t=y): receivers treat the mail as unsigned`,
  ]);
});

test('DMARC: missing, doubled, without a policy; that of the domain above holds below', async () => {
  const dmarc = async (TXT: string[]) =>
    wrong(await checked({ '_dmarc.firm.example': { TXT } })).filter((line) => line.startsWith('dmarc'));
  expect(await dmarc([])).toEqual(['dmarc error: no policy under _dmarc.firm.example']);
  expect(await dmarc(['v=DMARC1; p=none', 'v=DMARC1; p=reject'])).toEqual([
    'dmarc error: _dmarc.firm.example has 2 policies, so there is none',
  ]);
  expect(await dmarc(['v=DMARC1; rua=mailto:a@firm.example'])).toEqual([
    'dmarc error: _dmarc.firm.example names no policy (p=none, quarantine or reject)',
  ]);
  expect(await dmarc(['v=DMARC1; p=none'])).toEqual(['dmarc warn: _dmarc.firm.example asks for no reports (rua)']);
  expect(await checked({}, bySmtp, [], 'news.firm.example')).toContain('dmarc ok: _dmarc.firm.example: p=quarantine, of the domain above');
});

test('hosts: a sender that cannot be answered, links that nobody can open, answers that do not come back', async () => {
  const of = async (check: string, change: Record<string, ZoneRecords>, sending = bySmtp) =>
    wrong(await checked(change, sending)).filter((line) => line.startsWith(check));
  const without = { ...well['firm.example'], MX: [] };
  expect(await of('mx', { 'firm.example': without })).toEqual(['mx error: firm.example has neither mail hosts nor an address']);
  expect(await of('mx', { 'firm.example': { ...without, A: ['192.0.2.1'] } })).toEqual(['mx warn: firm.example has no MX record']);
  expect(await of('inbound', { 'in.firm.example': {} })).toEqual([
    'inbound error: in.firm.example, where answers and bounces come back, has no MX record',
  ]);
  expect(await of('links', {}, { ...bySmtp, publicUrl: 'http://localhost:4000' })).toEqual([
    'links error: links lead to localhost, which nobody outside can open',
  ]);
  expect(await of('links', { 'other.example': { A: ['192.0.2.1'] } }, { ...bySmtp, publicUrl: 'http://other.example' })).toEqual([
    'links warn: links are http, not https',
    `links warn: links lead to another domain than the sender's`,
  ]);
});

test('the key that we sign with is compared with the one that is published', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { server, close } = await startDns({
    'a.example': { TXT: [`v=DKIM1; k=ed25519; p=${Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')}`] },
    'b.example': { TXT: [key2048] },
    'c.example': { fails: true },
  });
  onTestFinished(close);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const levels = async (name: string) =>
    (await checkOwnKey(createDns({ servers: server, timeoutMs: 100 }), name, pem)).map((one) => one.level);
  expect([await levels('a.example'), await levels('b.example'), await levels('c.example')]).toEqual([['ok'], ['error'], []]);
});

test('nobody sends in the name of a mailbox provider', async () => {
  expect(await checked({}, bySmtp, [], 'gmail.com')).toEqual([
    'sender error: gmail.com belongs to a mailbox provider (gmail): nobody else may send in its name',
  ]);
});

test('a name server that fails or keeps silent is said, and spoils no other check', async () => {
  const lines = await checked({ 'firm.example': { fails: true }, '_dmarc.firm.example': { silent: true } });
  expect(wrong(lines)).toEqual([
    expect.stringMatching(/^spf warn: the name servers of firm.example do not answer/),
    expect.stringMatching(/^dmarc warn: the name servers of _dmarc.firm.example do not answer/),
    expect.stringMatching(/^mx warn: the name servers of firm.example do not answer/),
  ]);
  expect(lines).toContain('dkim ok: s1._domainkey.firm.example: an RSA key of 2048 bits');
});
