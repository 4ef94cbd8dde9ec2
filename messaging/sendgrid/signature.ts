import { createPublicKey, type KeyObject, verify } from 'node:crypto';

export interface SignedBatch {
  /** X-Twilio-Email-Event-Webhook-Signature: base64 of an ECDSA signature, DER. */
  signature: string | undefined;
  /** X-Twilio-Email-Event-Webhook-Timestamp: real seconds. */
  timestamp: string | undefined;
  /** The raw bytes: parsing and writing again changes them. */
  body: Uint8Array;
}

/**
 * Whether one of these public keys signed the batch: ECDSA over P-256 with SHA-256, of the timestamp and the raw body. A second key is for
 * the days in which one replaces another.
 */
export function isSignedBatch(keys: readonly string[], { signature, timestamp, body }: SignedBatch): boolean {
  if (!signature || !timestamp) return false;
  const signed = Buffer.concat([Buffer.from(timestamp, 'utf8'), body]);
  const given = Buffer.from(signature, 'base64');
  return keys.some((key) => verify('sha256', signed, keyOf(key), given));
}

/** Whether the batch was signed within so many ms of now; 0: whenever. */
export function isFresh(timestamp: string, toleranceMs: number, now: Date): boolean {
  return toleranceMs === 0 || (/^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() - Number(timestamp) * 1_000) <= toleranceMs);
}

/** Whether a text is a public key as SendGrid shows it: base64 of an SPKI, of the curve P-256. */
export function isWebhookKey(key: string): boolean {
  try {
    return keyOf(key).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

const keyOf = (key: string): KeyObject => createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
