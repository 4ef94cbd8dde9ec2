import { normaliseEmail } from '../identity/email.ts';
import type { SuppressionKind } from '../delivery/last-look.ts';

export const suppressionKinds = ['unsubscribe', 'bounce', 'complaint', 'manual'] as const satisfies readonly SuppressionKind[];

/** What the heading of a file means: where the address stands, and how it is known which rows bar theirs, and why. */
export interface Understood {
  /** Column of the address, from 0. */
  address: number;
  /** The file has no heading: its first row is one like the others. */
  bare: boolean;
  /** Whose file it looks like, for people. */
  looksLike: string;
  /** What a row says: why its address is barred, or why it is not. */
  read(cells: readonly string[]): Read;
}

type Read = { kind: SuppressionKind; scope?: 'marketing' | 'all' } | { passedOver: string };

/** A row of such a file. */
export type SuppressionRow =
  { address: string; kind: SuppressionKind; scope: 'marketing' | 'all' } | { fault: string } | { passedOver: string };

const nameOf = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\d]+/gu, '');
const isAddress = (name: string): boolean =>
  /^(e?mail|e?mailaddress|emailadresse|address|recipient|recipientemail|correo|courriel)$/.test(name);

/**
 * What a file of addresses says that should not be mailed, by its first row: our own export, Mailchimp's (who unsubscribed, who was cleaned; the others of
 * an audience are passed over), SendGrid's lists, Brevo's contacts, or just addresses. `given` goes before what the file seems to be. Null where no column
 * can be told to hold the addresses.
 */
export function understand(first: readonly string[], given: SuppressionKind | null): Understood | null {
  const names = first.map(nameOf);
  const find = (...wanted: string[]): number => names.findIndex((name) => wanted.includes(name));
  const has = (...wanted: string[]): boolean => find(...wanted) !== -1;
  const address = names.findIndex(isAddress);
  if (address === -1) {
    const bare = first.findIndex((cell) => normaliseEmail(cell) !== null);
    return bare === -1 ? null : { address: bare, bare: true, looksLike: 'a list of addresses', read: always(given ?? 'manual') };
  }
  const known = (looksLike: string, read: Understood['read']): Understood => ({ address, bare: false, looksLike, read });
  const only = (looksLike: string, column: number, kind: SuppressionKind, otherwise: string): Understood =>
    known(looksLike, (cells) => (isSet(cells[column]) ? { kind: given ?? kind } : { passedOver: otherwise }));

  if (has('kind') && has('scope')) return known('an export of ours', ownRow(find('kind'), find('scope')));
  if (has('unsubtime')) return only('Mailchimp: who unsubscribed', find('unsubtime'), 'unsubscribe', 'has not unsubscribed');
  if (has('cleantime')) return only('Mailchimp: who was cleaned', find('cleantime'), 'bounce', 'was not cleaned');
  if (has('emailblacklisted')) return only('Brevo: contacts', find('emailblacklisted'), 'unsubscribe', 'is not on the block list');
  if (has('optintime') && has('memberrating')) return known('Mailchimp: subscribers', () => ({ passedOver: 'has not unsubscribed' }));
  if (given) return known('addresses', always(given));
  if (has('reason') && has('created')) return known('SendGrid: bounces', bounced(find('status')));
  if (has('ip') && has('created')) return known('SendGrid: spam reports', always('complaint'));
  if (has('created')) return known('SendGrid: unsubscribes', always('unsubscribe'));
  return known('addresses', always('manual'));
}

const always = (kind: SuppressionKind): Understood['read'] => {
  const found = { kind };
  return () => found;
};

const isSet = (cell: string | undefined): boolean => cell !== undefined && !/^(|0|no|false|null)$/i.test(cell.trim());

/** What was refused for now only is no bounce: SendGrid's list of blocks has the same columns. */
const bounced =
  (status: number): Understood['read'] =>
  (cells) =>
    /^\s*4/.test(cells[status] ?? '') ? { passedOver: 'was refused for now only' } : { kind: 'bounce' };

const ownRow =
  (kind: number, scope: number): Understood['read'] =>
  (cells) => {
    const said = suppressionKinds.find((one) => one === cells[kind]?.trim());
    return said ? { kind: said, scope: cells[scope]?.trim() === 'all' ? 'all' : 'marketing' } : { passedOver: 'says no kind that we know' };
  };

/** Dead addresses and complaints bar all mail; the others marketing. */
function scopeFor(kind: SuppressionKind): 'marketing' | 'all' {
  return kind === 'bounce' || kind === 'complaint' ? 'all' : 'marketing';
}

/** As an export of ours writes what a spreadsheet would take for a formula. */
const GUARDED = /^'(?=[=+\-@])/;

/** What one row comes to. `scope` goes before what the kind and the file say. */
export function readRow(understood: Understood, cells: readonly string[], scope: 'marketing' | 'all' | null): SuppressionRow {
  const raw = (cells[understood.address] ?? '').replace(GUARDED, '');
  const address = normaliseEmail(raw);
  if (!address) return { fault: faultOf(raw) };
  const found = understood.read(cells);
  if ('passedOver' in found) return found;
  return { address, kind: found.kind, scope: scope ?? found.scope ?? scopeFor(found.kind) };
}

function faultOf(raw: string): string {
  const text = raw.trim();
  if (text === '') return 'has no address';
  if (/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return 'holds a hash: only the address itself can be barred';
  return 'is not an email address';
}
