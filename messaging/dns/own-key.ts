import { createPrivateKey, createPublicKey } from 'node:crypto';
import { findingsOf, type MailFinding } from '../../domain/deliverability/dns/finding.ts';
import { readTags } from '../../domain/deliverability/dns/tags.ts';
import { type Dns, DnsTrouble } from './resolver.ts';

const { ok, error } = findingsOf('dkim');

/** Whether the key that we sign with ourselves (PEM) is the one that is published. Nothing to say where none is: that is told already. */
export async function checkOwnKey(dns: Dns, name: string, privateKey: string): Promise<MailFinding[]> {
  const records = await dns.txt(name).catch((trouble: unknown) => {
    if (trouble instanceof DnsTrouble) return [];
    throw trouble;
  });
  const published = records.map((record) => readTags(record).get('p')?.replace(/\s/g, '')).filter(Boolean);
  if (published.length === 0) return [];
  const ours = publicPart(privateKey);
  return [
    published.includes(ours)
      ? ok(`${name} is the key that we sign with`)
      : error(
          `${name} is not the key that we sign with (DKIM_KEY_FILE)`,
          `publish p=${ours.slice(0, 16)}…, or sign with the key that is published`,
        ),
  ];
}

/** As it is published: RSA in SPKI, Ed25519 its 32 bytes (RFC 8463), base64. */
function publicPart(privateKey: string): string {
  const key = createPublicKey(createPrivateKey(privateKey));
  if (key.asymmetricKeyType === 'ed25519') return Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url').toString('base64');
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}
