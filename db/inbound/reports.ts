import type { Report } from '../../domain/inbound/bounce.ts';
import type { Judged } from '../../domain/inbound/judge.ts';
import type { Told } from '../../domain/delivery/told.ts';
import type { Queryable } from '../pool.ts';
import { takeTold } from '../told.ts';
import { findNamedSend, findSendTo } from './find-send.ts';
import type { Incoming, Taken } from './incoming.ts';

/** Why a report that names no mail of ours waits for a person. */
export const ADDRESS_ALONE = 'only an address says whom it is about: anybody can write that';

type Reports = Extract<Judged, { kind: 'bounce' | 'complaint' }>;

/** Whom a report by its address alone seems to be about had a mail of so many days back; a date of its own that is older, or to come, is nobody's. */
const REPORTED_WITHIN = 30;

/**
 * A mail server says what became of a mail, or a mailbox provider that somebody called it spam: taken in as a provider's own webhook is, so that all of
 * them agree in whatever order they come. Only what names a mail of ours, as nobody does who has not got it, is believed: one that knows nothing but an
 * address bars nobody. It waits for a person, with whom it seems to be about: anybody can write such a one.
 */
export async function takeReports(tx: Queryable, incoming: Incoming & { inboundId: string }, judged: Reports): Promise<Taken> {
  const words = wordsOf(judged);
  const named = await findNamedSend(tx, incoming.named);
  const addresses = words.flatMap((one) => one.addresses);
  const about = named ?? (await findSendTo(tx, addresses, { as: 'recipient', days: REPORTED_WITHIN }));
  const detail = judged.kind === 'bounce' ? { reports: judged.reports } : { addresses: judged.addresses };
  const finding = { leadId: about?.leadId ?? null, sendId: about?.id ?? null, foundBy: about?.foundBy ?? null, detail };
  const waits = (reason: string): Taken => ({ ...finding, state: 'review', reason, loops: [] });
  if (!about) return waits('it is about no mail of ours');
  if (!named) return waits(ADDRESS_ALONE);
  if (named.class === 'internal') return { ...waits('a mail to a colleague came back'), leadId: null };
  const told = words.flatMap((one, n) => {
    // Whoever forwards a mail may report another address than the one it was sent to.
    const address = named.address ?? one.addresses[0];
    return address ? [toldOf(incoming, n, one, { sendKey: named.sendKey, address })] : [];
  });
  if (told.length === 0) return waits('it does not say what became of the mail');
  const { loops } = await takeTold(tx, told, new Date());
  return { ...finding, state: 'done', reason: null, loops };
}

interface Word {
  kind: Told['kind'];
  addresses: string[];
  reason: string | null;
  status: string | null;
}

const kinds = { hard: 'bounced', soft: 'blocked', delayed: 'deferred', delivered: 'delivered' } as const satisfies Record<
  Report['fate'],
  Told['kind']
>;

function wordsOf(judged: Reports): Word[] {
  if (judged.kind === 'bounce') {
    return judged.reports.map(({ address, fate, reason, status }) => ({
      kind: kinds[fate],
      addresses: address ? [address] : [],
      reason,
      status,
    }));
  }
  return [{ kind: 'complained', addresses: [...judged.addresses, ...judged.returned.addresses], reason: null, status: null }];
}

const DAY = 86_400_000;

function toldOf(
  { inboundId, mail }: Incoming & { inboundId: string },
  n: number,
  word: Word,
  of: { sendKey: string; address: string },
): Told {
  const now = Date.now();
  const said = mail.date?.getTime() ?? now;
  const { kind, reason, status } = word;
  return {
    key: `mail/${inboundId}/${n}`,
    source: kind === 'complained' ? 'arf' : 'dsn',
    kind,
    ...of,
    groupId: null,
    reason,
    status,
    atMs: said > now || said < now - REPORTED_WITHIN * DAY ? now : said,
    url: null,
    userAgent: null,
    machine: false,
  };
}
