import type { Report } from '../../domain/inbound/bounce.ts';
import type { Judged } from '../../domain/inbound/judge.ts';
import type { Told } from '../../domain/delivery/told.ts';
import type { Queryable } from '../pool.ts';
import { takeTold } from '../told.ts';
import { findNamedSend, findSendTo, type FoundSend } from './find-send.ts';
import type { Incoming, Taken } from './incoming.ts';

type Reports = Extract<Judged, { kind: 'bounce' | 'complaint' }>;

/** A report by its address alone must be about a mail of so many days back; a date of its own that is older, or to come, is nobody's. */
const REPORTED_WITHIN = 30;

/**
 * A mail server says what became of a mail, or a mailbox provider that somebody called it spam: taken in as a provider's own webhook is, so that all of
 * them agree in whatever order they come. One that names no mail of ours, and nobody whom we have written to lately, waits for a person: anybody can write one.
 */
export async function takeReports(tx: Queryable, incoming: Incoming & { inboundId: string }, judged: Reports): Promise<Taken> {
  const named = await findNamedSend(tx, incoming.named);
  const told: Told[] = [];
  let about: FoundSend | null = named;
  for (const one of wordsOf(judged)) {
    const sent = named ?? (await findSendTo(tx, one.addresses, { as: 'recipient', days: REPORTED_WITHIN }));
    // Whoever forwards a mail may report another address than the one it was sent to.
    const address = sent?.address ?? one.addresses[0];
    about ??= sent;
    if (sent && address) told.push(toldOf(incoming, told.length, one, { sendKey: sent.sendKey, address }));
  }
  const detail = judged.kind === 'bounce' ? { reports: judged.reports } : { addresses: judged.addresses };
  const finding = { leadId: about?.leadId ?? null, sendId: about?.id ?? null, foundBy: about?.foundBy ?? null, detail };
  if (about?.class === 'internal')
    return { ...finding, leadId: null, state: 'review', reason: 'a mail to a colleague came back', loops: [] };
  if (told.length === 0) return { ...finding, state: 'review', reason: 'it is about no mail of ours', loops: [] };
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
