import { createHmac, timingSafeEqual } from 'node:crypto';

/** What comes back to an address: people's answers, or reports of mail servers (VERP). */
export type BackPurpose = 'reply' | 'bounce';

/** Small letters and digits: some servers write the local part anew in one case. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_BYTES = 16;
const SIGNATURE_BYTES = 8;

/** `reply+<token>@domain`: an address that names a mail of the ledger, and that nobody else can make. 45 or 46 characters before the `@`. */
export function backAddress(secret: string, purpose: BackPurpose, sendId: string, domain: string): string {
  const id = Buffer.from(sendId.replaceAll('-', ''), 'hex');
  return `${purpose}+${base32(Buffer.concat([id, mac(secret, purpose, id)]))}@${domain}`;
}

/** The mail that an address names, and what for; null when it is not one of ours, whatever its domain. */
export function readBackAddress(secret: string, address: string): { purpose: BackPurpose; sendId: string } | null {
  const [, purpose, token] = /^(reply|bounce)\+([a-z2-7]{39})@[^@]+$/i.exec(address.trim()) ?? [];
  if (!purpose || !token) return null;
  const bytes = unBase32(token.toLowerCase());
  const [id, signature] = [bytes.subarray(0, ID_BYTES), bytes.subarray(ID_BYTES, ID_BYTES + SIGNATURE_BYTES)];
  const of = purpose.toLowerCase() as BackPurpose;
  if (!timingSafeEqual(signature, mac(secret, of, id))) return null;
  const hex = id.toString('hex');
  return { purpose: of, sendId: [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-') };
}

function mac(secret: string, purpose: BackPurpose, id: Buffer): Buffer {
  return createHmac('sha256', secret).update(`tendril ${purpose} address `).update(id).digest().subarray(0, SIGNATURE_BYTES);
}

function base32(bytes: Buffer): string {
  let [text, value, bits] = ['', 0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + LETTERS[(value << (5 - bits)) & 31] : text;
}

function unBase32(token: string): Buffer {
  const bytes: number[] = [];
  let [value, bits] = [0, 0];
  for (const letter of token) {
    value = ((value << 5) | LETTERS.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 0xff);
  }
  return Buffer.from(bytes);
}
