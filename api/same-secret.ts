import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a text is the secret one, without telling by the time it takes how much of it was right. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (of: string): Buffer => createHash('sha256').update(of).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
