import { createHmac, timingSafeEqual } from 'node:crypto';

/** What comes back to an address: people's answers, or reports of mail servers (VERP). */
export type BackPurpose = 'reply' | 'bounce';

/** Small letters and digits: some servers write the local part anew in one case. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_BYTES = 16;
const SIGNATURE_BYTES = 8;

/** `reply+<token>@domain`: an address that names a mail of the ledger, and that nobody else can make. 45 or 46 characters before the `@`. */
export function backAddress(secret: string, purpose: BackPurpose, sendId: string, domain: string): string {
  return `${purpose}+${tokenOf(secret, purpose, sendId)}@${domain}`;
}

/** `touch+<token>@domain`: what a rep puts into the Bcc of a mail of their own, so that it counts as their talk. It names them, and holds for ever. */
export function touchAddress(secret: string, repId: string, domain: string): string {
  return `touch+${tokenOf(secret, 'touch', repId)}@${domain}`;
}

/** The rep whose such an address is; null when it is none of ours, whatever its domain. */
export function readTouchAddress(secret: string, address: string): string | null {
  const token = /^touch\+([a-z2-7]{39})@[^@]+$/i.exec(address.trim())?.[1];
  return token ? readToken(secret, 'touch', token) : null;
}

/** The mail that an address names, and what for; null when it is not one of ours, whatever its domain. */
export function readBackAddress(secret: string, address: string): { purpose: BackPurpose; sendId: string } | null {
  const [, purpose, token] = /^(reply|bounce)\+([a-z2-7]{39})@[^@]+$/i.exec(address.trim()) ?? [];
  if (!purpose || !token) return null;
  const of = purpose.toLowerCase() as BackPurpose;
  const sendId = readToken(secret, of, token);
  return sendId === null ? null : { purpose: of, sendId };
}

type Purpose = BackPurpose | 'touch';

function tokenOf(secret: string, purpose: Purpose, uuid: string): string {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return base32(Buffer.concat([id, mac(secret, purpose, id)]));
}

/** The id in a token; null when it was not made by us for this purpose. */
function readToken(secret: string, purpose: Purpose, token: string): string | null {
  const bytes = unBase32(token.toLowerCase());
  const [id, signature] = [bytes.subarray(0, ID_BYTES), bytes.subarray(ID_BYTES, ID_BYTES + SIGNATURE_BYTES)];
  if (!timingSafeEqual(signature, mac(secret, purpose, id))) return null;
  const hex = id.toString('hex');
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-');
}

function mac(secret: string, purpose: Purpose, id: Buffer): Buffer {
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
