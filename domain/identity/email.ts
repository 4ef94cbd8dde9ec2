import { domainToASCII } from 'node:url';

/** U+FFFD stands where somebody could not read a letter: whose mailbox that is nobody knows. */
const LOCAL = /^[^\s@<>()[\]\\,;:"\p{C}\ufffd]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one spelling under which an address is known: trimmed, lower case, full-width characters folded, the domain in its
 * ASCII form. Tags and dots stay, for they may be another mailbox. Null when it cannot be an address.
 */
export function normaliseEmail(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw.length > 1_000) return null;
  const text = unwrap(raw.normalize('NFKC').trim()).toLowerCase().normalize('NFKC');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainToASCII(text.slice(at + 1));
  if (!LOCAL.test(local) || local.length > 64 || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return null;
  const labels = domain.split('.');
  if (labels.length < 2 || domain.length > 253 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1)!)) return null;
  return `${local}@${domain}`;
}

/** `Ana Ruiz <ana@firm.example>` and `mailto:ana@firm.example?subject=x` hold an address too. */
function unwrap(text: string): string {
  const inner = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1]?.trim() ?? text;
  return /^mailto:/i.test(inner) ? inner.slice(7).split('?')[0]!.trim() : inner;
}
