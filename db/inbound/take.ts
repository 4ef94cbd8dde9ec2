import type { Colleague, Relay } from '../../domain/inbound/relay.ts';
import type { Loop } from '../../domain/loops.ts';
import type { Pool } from 'pg';
import { noteBccTouch } from '../bcc.ts';
import { findLeadId } from '../leads-read.ts';
import { inTransaction, isOfTheData, type Queryable } from '../pool.ts';
import { takeAutoReply } from './auto-reply.ts';
import { findNamedSend, findSendTo } from './find-send.ts';
import type { Incoming, Taken } from './incoming.ts';
import { takeLeave } from './leave.ts';
import { passOn, relayOf } from './relay.ts';
import { type Forward, takeReply } from './reply.ts';
import { ADDRESS_ALONE, takeReports } from './reports.ts';
import { type Finding, noteFinding, storeInbound } from './store.ts';
import type { NewSend } from '../sends.ts';

/** An answer is one to a mail of so many days back, where only its sender says which. */
const ANSWERED_WITHIN = 180;

/** What messaging makes of what came: the mail that brings an answer to its owner, and those of the relay. */
export interface TakeDeps {
  forward: Forward;
  relay: Relay<NewSend>;
}

/** What came of a mail; null when it had come before. */
export type TakenIn = { id: string; finding: Finding; loops: Loop[] } | null;

/**
 * Takes in a mail that came back with all its effects, in one transaction with `also` in it. What is about no mail of ours waits for a person, and so does
 * one that the database refuses: none is thrown away, and none bars the way of the others. Works while Temporal is down.
 */
export async function takeIn(
  pool: Pool,
  incoming: Incoming,
  deps: TakeDeps,
  also: (tx: Queryable) => Promise<void> = async () => undefined,
): Promise<TakenIn> {
  const once = (one: Incoming): Promise<TakenIn> =>
    inTransaction(pool, async (tx) => {
      const taken = await takeMail(tx, one, deps);
      await also(tx);
      return taken;
    });
  try {
    return await once(incoming);
  } catch (error) {
    if (!isOfTheData(error)) throw error;
    const mail = { ...incoming.mail, subject: '', text: '', to: [], attachments: [] };
    return once({ ...incoming, mail, judged: null });
  }
}

async function takeMail(tx: Queryable, incoming: Incoming, deps: TakeDeps): Promise<TakenIn> {
  const { key, channel, mail, judged, raw } = incoming;
  const id = await storeInbound(tx, { key, channel, kind: judged?.kind ?? 'unreadable', mail, raw });
  if (!id) return null;
  const { loops, ...finding } = await effectsOf(tx, id, incoming, deps);
  await noteFinding(tx, id, finding, finding.state === 'review' || judged?.kind === 'reply' || finding.detail['passedOn'] === true);
  return { id, finding, loops };
}

async function effectsOf(tx: Queryable, inboundId: string, incoming: Incoming, deps: TakeDeps): Promise<Taken> {
  const { mail, judged, readBy } = incoming;
  if (!judged) return nothing('review', 'it cannot be read');
  if (incoming.named.touchOf) return takeBcc(tx, incoming.named.touchOf, mail);
  if (judged.kind === 'automatic') return nothing('done', automatic[judged.what]);
  if ('returned' in judged && judged.kind !== 'leave') return takeReports(tx, { ...incoming, inboundId }, judged);
  const from = mail.from ? [mail.from.address] : [];
  const told = judged.kind === 'leave' && judged.addresses.length > 0 ? judged.addresses : from;
  const sent =
    (await findNamedSend(tx, incoming.named)) ?? (await findSendTo(tx, told, { as: 'sender', days: ANSWERED_WITHIN, repId: readBy }));
  const colleague = from[0] ? await colleagueOf(tx, from[0]) : null;
  const about = sent && { ...incoming, inboundId, sent };
  if (about && about.sent.foundBy === 'address' && relayOf(about.sent)) {
    if (colleague) return passOn(tx, about, colleague, deps.relay);
    return { ...nothing('review', 'only a colleague answers at this address'), sendId: about.sent.id, foundBy: about.sent.foundBy };
  }
  if (colleague) return { ...nothing('done', 'a colleague wrote it'), sendId: sent?.id ?? null };
  if (!about) return { ...nothing('review', 'it answers no mail of ours'), leadId: from[0] ? await findLeadId(tx, from[0]) : null };
  if (about.sent.class === 'internal' || about.sent.leadId === null) {
    return { ...nothing('review', 'it answers a mail to a colleague'), sendId: about.sent.id, foundBy: about.sent.foundBy };
  }
  if (judged.kind === 'auto_reply') return takeAutoReply(tx, about, judged);
  // Anybody can write any sender, and any report; who has our letter answers that.
  const reported = judged.kind === 'leave' && judged.addresses.length > 0;
  if (about.sent.foundBy === 'sender' && (reported || mail.confirmed === false))
    return { ...nothing('review', reported ? ADDRESS_ALONE : 'nobody confirms that it is from them'), leadId: about.sent.leadId };
  return judged.kind === 'leave' ? takeLeave(tx, about) : takeReply(tx, about, judged.said, deps.forward);
}

/** A mail that a rep sent to a lead, and us in its Bcc. */
async function takeBcc(tx: Queryable, repId: string, mail: Incoming['mail']): Promise<Taken> {
  const { leadId, leads, touched, reason, strange, loops } = await noteBccTouch(tx, repId, mail);
  return {
    leadId,
    sendId: null,
    foundBy: null,
    repId,
    state: strange ? 'review' : 'done',
    reason,
    detail: { bcc: true, leads, touched },
    loops,
  };
}

const automatic = {
  receipt: 'a receipt',
  list: 'a mail to many',
  feedback: 'a report that asks for nothing',
  ours: 'a mail of our own',
} as const;

const nothing = (state: Finding['state'], reason: string): Taken => ({
  leadId: null,
  sendId: null,
  foundBy: null,
  state,
  reason,
  detail: {},
  loops: [],
});

/** Somebody of the firm: a person has taken them into the conversation, or they go on with one themselves. */
async function colleagueOf(tx: Queryable, address: string): Promise<Colleague | null> {
  const { rows } = await tx.query<Colleague>(
    'select id, key, name, email from rep where lower(email) = $1 and active order by id limit 1',
    [address],
  );
  return rows[0] ?? null;
}
