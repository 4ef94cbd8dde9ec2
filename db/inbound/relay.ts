import type { Colleague, Relay, RelayParams } from '../../domain/inbound/relay.ts';
import { wordsToPass } from '../../domain/inbound/relayed.ts';
import { deliveryOf } from '../../domain/loops.ts';
import { noteBccTouch } from '../bcc.ts';
import type { Queryable } from '../pool.ts';
import { type NewSend, queueSends } from '../sends.ts';
import { lockLeads } from '../wakes.ts';
import type { FoundSend } from './find-send.ts';
import type { About, Taken } from './incoming.ts';
import { takenFrom } from './too-many.ts';

/** The conversation that an answer to this mail of ours goes on; null where it is no part of one. */
export function relayOf({ class: kind, leadId, params }: FoundSend): RelayParams | null {
  return kind === 'internal' && leadId !== null ? ((params['relay'] as RelayParams | undefined) ?? null) : null;
}

/**
 * A rep has answered the mail that brought somebody's answer: their words go on to the person, under the rep's name and in the thread. What cannot go on, the rep is
 * told. A machine's answer goes no further.
 */
export async function passOn(tx: Queryable, about: About, rep: Colleague, relay: Relay<NewSend>): Promise<Taken> {
  const { inboundId, judged, mail, raw, sent } = about;
  const { to, subject, thread } = relayOf(sent)!;
  const leadId = sent.leadId!;
  const finding = { leadId, sendId: sent.id, foundBy: sent.foundBy, repId: rep.id };
  if (judged!.kind === 'auto_reply')
    return { ...finding, state: 'done', reason: 'a machine answered for a colleague', detail: {}, loops: [] };
  const words = wordsToPass(mail.text, relay);
  const size = mail.attachments.reduce((sum, one) => sum + one.size, 0);
  await lockLeads(tx, [leadId]);
  const { confirmed } = mail;
  const because = await bar(tx, { leadId, to: to.address, confirmed, words, size, kept: raw !== null, most: relay.mostAttached });
  if (because !== null) {
    const refused = { inboundId, rep, leadId, to: to.address, subject: mail.subject, because, test: sent.test };
    const lanes = await queueSends(tx, [relay.refuse(refused)]);
    return {
      ...finding,
      state: 'done',
      reason: `not passed on: ${because}`,
      detail: {},
      loops: deliveryOf(lanes),
    };
  }
  const lanes = await queueSends(tx, [
    relay.passOn({ inboundId, rep, leadId, to, subject, words: words ?? '', thread, attached: size > 0, test: sent.test }),
  ]);
  // A talk of theirs, like a mail they send from their own program with our address in its Bcc.
  const { loops } = await noteBccTouch(tx, rep.id, { ...mail, to: await addressesOf(tx, leadId), text: words ?? '' });
  return {
    ...finding,
    state: 'done',
    reason: null,
    detail: { passedOn: true },
    loops: [...loops, ...deliveryOf(lanes)],
  };
}

async function addressesOf(tx: Queryable, leadId: string): Promise<string[]> {
  const { rows } = await tx.query<{ email: string | null }>('select email from lead where id = $1', [leadId]);
  return rows.flatMap(({ email }) => email ?? []);
}

interface Passing {
  leadId: string;
  to: string;
  confirmed: boolean | null;
  words: string | null;
  size: number;
  kept: boolean;
  most: number;
}

/** Why an answer does not go on, in words for the rep; null: it does. */
async function bar(tx: Queryable, { leadId, to, confirmed, words, size, kept, most }: Passing): Promise<string | null> {
  if (confirmed === false) return 'nobody could confirm that it came from you: neither SPF nor DKIM of your domain agrees with it';
  if (words === null && size === 0)
    return 'we found no words of yours above the line, or could not tell them from what your program quoted';
  if (size > most) return `its attachments are larger than ${Math.floor(most / 1_000_000)} MB`;
  if (size > 0 && !kept) return 'its attachments did not reach us: Inbound Parse is to post raw mails';
  const { rowCount: dead } = await tx.query(`select from suppression where address = $1 and scope = 'all'`, [to]);
  if (dead) return 'that address takes no mail any more, or its owner wants none';
  return (await takenFrom(tx, leadId)).tooMany
    ? 'there were too many mails between the two of you today, as if two machines answered each other'
    : null;
}
