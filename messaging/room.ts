/** Mails share pieces of memory of this size, bytes: one for each costs more than to write it. */
const PIECE = 256 * 1024;
let piece = Buffer.alloc(0);

/** Room for so many bytes, with whatever was there before still in it. What is larger than a mail without files has a piece of its own. */
export function room(size: number): Buffer {
  if (size > PIECE / 8) return Buffer.allocUnsafe(size);
  if (size > piece.length) piece = Buffer.allocUnsafeSlow(PIECE);
  const taken = piece.subarray(0, size);
  piece = piece.subarray(size);
  return taken;
}
