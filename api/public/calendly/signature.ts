import { createHmac, timingSafeEqual } from 'node:crypto';

/** What is signed: the moment of sending and the raw body. `now`: real time. */
export interface SignedHook {
  /** `t=1700000000,v1=…` */
  signature: string | undefined;
  body: Uint8Array;
  now: Date;
}

/** Whether one of the keys has signed this: HMAC-SHA256 over `t.body`. 'stale': it has, and too long ago, or not yet; somebody may be repeating it. */
export function isCalendlys(keys: readonly string[], { signature, body, now }: SignedHook, toleranceMs: number): 'yes' | 'no' | 'stale' {
  const parts = (signature ?? '').split(',').map((part) => part.trim().split('=', 2) as [string, string?]);
  const at = parts.find(([name]) => name === 't')?.[1] ?? '';
  const given = parts.flatMap(([name, value]) => (name === 'v1' && value ? [Buffer.from(value, 'hex')] : []));
  if (!/^\d{9,13}$/.test(at)) return 'no';
  const made = keys.map((key) => createHmac('sha256', key).update(`${at}.`).update(body).digest());
  if (!made.some((one) => given.some((other) => other.length === one.length && timingSafeEqual(one, other)))) return 'no';
  const ms = at.length > 11 ? Number(at) : Number(at) * 1_000;
  return Math.abs(now.getTime() - ms) <= toleranceMs ? 'yes' : 'stale';
}
