import { createHash } from 'node:crypto';
import type { Told, ToldKind } from '../../domain/delivery/told.ts';
import { normaliseEmail } from '../../domain/identity/email.ts';
import { storable } from '../../domain/storable.ts';
import { SEND_ARG } from './request.ts';

type Raw = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, ToldKind>> = {
  processed: 'processed',
  delivered: 'delivered',
  deferred: 'deferred',
  dropped: 'dropped',
  spamreport: 'complained',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'group_unsubscribed',
  group_resubscribe: 'group_resubscribed',
  open: 'opened',
  click: 'clicked',
};

/** What is kept of a text of theirs, characters. */
const LONGEST = { key: 200, text: 1_000, url: 2_000 };
/** Later than this, a time is in milliseconds: some events have it so. */
const SECONDS_END = 100_000_000_000;

/**
 * The events of a batch that mean something here. Each is read for itself: what is no event, or of a kind we do not know, is left out. `nowMs`
 * (real) stands in where an event has no usable time, and none is later than that.
 */
export function readEvents(batch: readonly unknown[], nowMs: number): Told[] {
  return batch.flatMap((one) => readEvent(one, nowMs) ?? []);
}

function readEvent(given: unknown, nowMs: number): Told | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const raw = given as Raw;
  const kind = kindOf(raw);
  const address = text(raw['email'], 320);
  if (kind === null || address === null) return null;
  return {
    key: `sendgrid/${kind}/${text(raw['sg_event_id'], LONGEST.key) ?? fingerprint(raw)}`,
    source: 'sendgrid',
    kind,
    sendKey: text(argument(raw, SEND_ARG), LONGEST.text),
    address: normaliseEmail(address) ?? address.trim().toLowerCase(),
    atMs: timeOf(raw['timestamp'], nowMs),
    reason: text(raw['reason'] ?? raw['response'], LONGEST.text),
    status: text(raw['status'], 20),
    groupId: groupOf(raw['asm_group_id']),
    url: text(raw['url'], LONGEST.url),
    userAgent: text(raw['useragent'], LONGEST.text),
    machine: raw['sg_machine_open'] === true,
  };
}

/**
 * `bounce` is two things: a dead address, or (`type: blocked`, `expired`) a server that refuses for now, whatever permanent status it gives.
 * SendGrid goes on mailing those who are blocked.
 */
function kindOf(raw: Raw): ToldKind | null {
  const name = typeof raw['event'] === 'string' ? raw['event'].toLowerCase() : '';
  if (name === 'bounce') return raw['type'] === undefined || raw['type'] === 'bounce' ? 'bounced' : 'blocked';
  return Object.hasOwn(kinds, name) ? kinds[name]! : null;
}

/** Custom arguments stand beside the event's own fields, or under a name of their own. */
function argument(raw: Raw, name: string): unknown {
  if (raw[name] !== undefined) return raw[name];
  const args = raw['custom_args'] ?? raw['unique_args'];
  return typeof args === 'object' && args !== null ? (args as Raw)[name] : undefined;
}

/** Seconds or milliseconds, as a number or as text. */
function timeOf(given: unknown, nowMs: number): number {
  const number = typeof given === 'string' && /^\d{1,16}(\.\d+)?$/.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return nowMs;
  return Math.min(number < SECONDS_END ? number * 1_000 : number, nowMs);
}

const groupOf = (given: unknown): number | null => {
  const id = typeof given === 'string' ? Number(given) : given;
  return typeof id === 'number' && Number.isInteger(id) && id > 0 && id <= 2_147_483_647 ? id : null;
};

/** Something that can be stored, and is read as it was written. */
function text(given: unknown, longest: number): string | null {
  if (typeof given !== 'string' && typeof given !== 'number') return null;
  return storable(String(given), longest).trim() || null;
}

/** The same event without a name of its own is known by all it says. */
const fingerprint = (raw: Raw): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(raw).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url');
