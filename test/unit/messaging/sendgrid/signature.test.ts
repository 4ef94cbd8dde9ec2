import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isFresh, isSignedBatch, isWebhookKey } from '../../../../messaging/sendgrid/signature.ts';

interface Vector {
  name: string;
  public_key: string;
  payload: string;
  signature: string;
  timestamp: string;
  valid: boolean;
}

const VECTORS = new URL('../../../../../shared/fixtures/sendgrid/signature-vectors.json', import.meta.url);
const there = existsSync(VECTORS);
if (!there) console.warn(`skipped: SendGrid's own signature vectors are not at ${VECTORS.pathname}`);
const vectors = there ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as Vector[]) : [];

test.skipIf(!there)('every vector of SendGrid’s own: signed where it says so, and not where it does not', () => {
  for (const { name, public_key: key, payload, signature, timestamp, valid } of vectors) {
    expect(isWebhookKey(key), name).toBe(true);
    expect(isSignedBatch([key], { signature, timestamp, body: Buffer.from(payload) }), name).toBe(valid);
  }
});

test.skipIf(!there)('while one key replaces another, either will do; one byte more will not', () => {
  const [first, second] = vectors as [Vector, Vector];
  const keys = [second.public_key, first.public_key];
  const batch = { signature: first.signature, timestamp: first.timestamp, body: Buffer.from(first.payload) };
  expect(isSignedBatch(keys, batch)).toBe(true);
  expect(isSignedBatch(keys, { ...batch, body: Buffer.from(first.payload.trimEnd()) })).toBe(false);
  expect(isSignedBatch(keys, { ...batch, timestamp: String(Number(first.timestamp) + 1) })).toBe(false);
});

test('what is no signature is none, and nothing throws', () => {
  const body = Buffer.from('[]');
  const key =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';
  for (const signature of [undefined, '', 'x', '====', 'AAAA', 'MEUCIQ=='])
    expect(isSignedBatch([key], { signature, timestamp: '1', body })).toBe(false);
  expect(isSignedBatch([key], { signature: 'AAAA', timestamp: undefined, body })).toBe(false);
  expect(isSignedBatch([], { signature: 'AAAA', timestamp: '1', body })).toBe(false);
});

test('a key is base64 of a P-256 key; another curve, text or half of one is not', () => {
  for (const key of ['', 'secret', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4']) expect(isWebhookKey(key)).toBe(false);
});

test('too old and not yet are both refused; 0 takes any age', () => {
  const now = new Date('2026-03-02T09:00:00Z');
  const at = (ms: number) => String(Math.floor((now.getTime() + ms) / 1000));
  expect(isFresh(at(-60_000), 90_000, now)).toBe(true);
  expect(isFresh(at(-100_000), 90_000, now)).toBe(false);
  expect(isFresh(at(100_000), 90_000, now)).toBe(false);
  expect(isFresh('timestamp', 90_000, now)).toBe(false);
  expect(isFresh('1600112502', 0, now)).toBe(true);
});
