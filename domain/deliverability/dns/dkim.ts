import { createPublicKey, type KeyObject } from 'node:crypto';
import { findingsOf, type MailFinding } from './finding.ts';
import { readTags } from './tags.ts';

const { ok, info, warn, error } = findingsOf('dkim');

/** What to say of the key that a selector names (RFC 6376, 8301, 8463). `name` is the record's. */
export function judgeDkim(record: string, name: string): MailFinding[] {
  const tags = readTags(record);
  const key = tags.get('p');
  if (tags.has('v') && tags.get('v') !== 'DKIM1') return [error(`${name} is not a DKIM key (v=${tags.get('v')})`, 'publish v=DKIM1')];
  if (key === undefined) return [error(`${name} holds no key`, 'publish the key as p=…')];
  if (key === '') return [error(`${name} has been revoked (p= is empty)`, 'sign with another selector, or publish the key again')];
  return [strength(tags.get('k') ?? 'rsa', key.replace(/\s/g, ''), name), ...flags(tags, name)];
}

function strength(kind: string, key: string, name: string): MailFinding {
  if (kind === 'ed25519') {
    return Buffer.from(key, 'base64').length === 32
      ? info(`${name}: an Ed25519 key`, 'not every provider verifies these: sign with an RSA key as well')
      : error(`${name} holds no Ed25519 key of 32 bytes`, 'publish the whole key, in one record');
  }
  const bits = rsaBits(key);
  if (bits === null)
    return error(`${name} holds no RSA key that can be read`, 'publish the whole key, in one record: long ones are often cut');
  if (bits < 1024) return error(`${name}: an RSA key of ${bits} bits, which receivers ignore`, 'make one of 2048 bits');
  if (bits < 2048) return warn(`${name}: an RSA key of ${bits} bits`, 'it is still accepted; make one of 2048 bits');
  return ok(`${name}: an RSA key of ${bits} bits`);
}

function flags(tags: ReadonlyMap<string, string>, name: string): MailFinding[] {
  const has = (tag: string, flag: string): boolean => (tags.get(tag) ?? '').split(':').some((one) => one.trim() === flag);
  return [
    ...(has('t', 'y')
      ? [warn(`${name} says that it is being tried out (t=y): receivers treat the mail as unsigned`, 'take t=y away')]
      : []),
    ...(tags.has('h') && !has('h', 'sha256') ? [error(`${name} does not allow SHA-256 (h=${tags.get('h')})`, 'take h= away')] : []),
    ...(tags.has('s') && !has('s', '*') && !has('s', 'email')
      ? [error(`${name} is not for e-mail (s=${tags.get('s')})`, 'take s= away')]
      : []),
  ];
}

function rsaBits(base64: string): number | null {
  const key = Buffer.from(base64, 'base64');
  const tries: (() => KeyObject)[] = [
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  ];
  for (const read of tries) {
    try {
      return read().asymmetricKeyDetails?.modulusLength ?? null;
    } catch {
      continue;
    }
  }
  return null;
}
