import { getDomain } from 'tldts';

/** What the server that took a mail in says of its sender, as Inbound Parse writes it. */
export interface SenderChecks {
  /** `pass`, `fail`, `softfail`, `none` …; absent: it did not look. */
  spf?: string | undefined;
  /** `{@firm.example : pass, @other.example : fail}`, or `none`. */
  dkim?: string | undefined;
  /** The envelope's sender, of whose domain SPF speaks. */
  sender?: string | undefined;
}

/** Whether a mail comes from the domain it says: by SPF or DKIM of that very domain, as DMARC asks. Null where nobody has looked. */
export function isConfirmed(from: string, { spf, dkim, sender = '' }: SenderChecks): boolean | null {
  if (spf === undefined && dkim === undefined) return null;
  const own = domainOf(from);
  const signed = [...(dkim ?? '').matchAll(/@([^\s@:,{}]+)\s*:\s*pass\b/gi)].map(([, domain]) => domainOf(`@${domain}`));
  const passed = spf?.trim().toLowerCase() === 'pass' ? [...signed, domainOf(sender)] : signed;
  return own !== null && passed.includes(own);
}

const domainOf = (address: string): string | null => getDomain(address.slice(address.lastIndexOf('@') + 1).replace(/>$/, ''));
